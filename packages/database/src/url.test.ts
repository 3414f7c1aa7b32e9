import { describe, expect, test } from "vitest";
import { parseDatabaseUrl, UnsupportedDatabaseUrl } from "./url.ts";

describe("a database URL leads", () => {
  test.each([
    { url: "file:jifen.db", file: "jifen.db", says: "to a file beside the process" },
    { url: "file:./data/jifen.db", file: "./data/jifen.db", says: "to a file by a relative path" },
    { url: "file:../jifen.db", file: "../jifen.db", says: "to a file above" },
    { url: "file:/var/lib/jifen.db", file: "/var/lib/jifen.db", says: "to a file by an absolute path" },
    { url: "file:///var/lib/jifen.db", file: "/var/lib/jifen.db", says: "to a file by a full file URL" },
    { url: "FILE:./jifen.db", file: "./jifen.db", says: "to a file, whatever the case of the scheme" },
    { url: "file:./数据/积分.db", file: "./数据/积分.db", says: "to a file with a name beyond ASCII" },
  ])("$says: $url", ({ url, file }) => {
    expect(parseDatabaseUrl(url)).toEqual({ kind: "sqlite", file });
  });

  test.each([
    "postgresql://jifen@localhost/jifen",
    "postgres://jifen:p%40ss@db.example.com:6432/jifen?sslmode=require",
    "POSTGRESQL://jifen@localhost/jifen",
  ])("to PostgreSQL, as it was written: %s", (url) => {
    expect(parseDatabaseUrl(url)).toEqual({ kind: "postgresql", url });
  });
});

describe("a database URL leads to MongoDB, as it was written", () => {
  test.each([
    "mongodb://127.0.0.1/jifen",
    "mongodb://jifen:p%40ss@a.example.com:27017,b.example.com:27017/jifen?replicaSet=rs0&authSource=admin",
    "mongodb+srv://jifen@cluster.example.com/jifen",
  ])("%s", (url) => {
    expect(parseDatabaseUrl(url)).toEqual({ kind: "mongodb", url });
  });
});

describe("a database URL leads to MySQL or MariaDB, as it was written", () => {
  test.each([
    "mysql://root@127.0.0.1/jifen",
    "mariadb://jifen:p%40ss@db.example.com:3307/jifen?ssl=true",
    "MySQL://jifen@[::1]:3306/jifen",
  ])("%s", (url) => {
    expect(parseDatabaseUrl(url)).toEqual({ kind: "mysql", url });
  });
});

describe("a database URL is refused", () => {
  test.each([
    { url: "", message: /must begin with file:, postgresql:/, says: "when it is empty" },
    { url: "jifen.db", message: /must begin with file:, postgresql:/, says: "when it has no scheme" },
    { url: "oracle://root@localhost/jifen", message: /not oracle:/, says: "when the database is not known" },
    { url: "mysql://root@localhost", message: /must name a database/, says: "when it names a server and no database" },
    { url: "mariadb://root@localhost/", message: /must name a database/, says: "when it names a database of no name" },
    { url: "mongodb://a,b", message: /must name hosts and a database/, says: "when it names hosts alone" },
    { url: "mongodb://a/?replicaSet=rs0", message: /must name hosts and a database/, says: "when its name is empty" },
    { url: "mongodb://jifen:a/b@c/jifen", message: /percent-encoded/, says: "when a password is not encoded" },
    { url: "file:", message: /must name a file/, says: "when it names no file" },
    { url: "file::memory:", message: /must name a file/, says: "when it would forget everything at the end" },
    { url: "postgresql://jifen:a#b@c/d:e@:x", message: /percent-encoded/, says: "when its password is not encoded" },
  ])("$says: $url", ({ url, message }) => {
    expect(() => parseDatabaseUrl(url)).toThrow(UnsupportedDatabaseUrl);
    expect(() => parseDatabaseUrl(url)).toThrow(message);
  });

  test("without repeating the password that it holds", () => {
    for (const url of [
      "oracle://root:s3cret@localhost/jifen",
      "mysql://root:s3cret@localhost",
      "postgresql://jifen:s3cret@[::1/jifen",
    ]) {
      expect(() => parseDatabaseUrl(url)).toThrow(expect.not.stringContaining("s3cret"));
      expect(() => parseDatabaseUrl(url)).toThrow(UnsupportedDatabaseUrl);
    }
  });
});
