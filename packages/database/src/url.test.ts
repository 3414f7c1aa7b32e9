import { describe, expect, test } from "vitest";
import { parseDatabaseUrl, UnsupportedDatabaseUrl } from "./url.ts";

describe("parseDatabaseUrl", () => {
  test.each([
    { url: "file:jifen.db", location: "jifen.db", says: "a file name" },
    { url: "file:./data/jifen.db", location: "./data/jifen.db", says: "a relative path" },
    { url: "file:../jifen.db", location: "../jifen.db", says: "a path in the parent folder" },
    { url: "file:/var/lib/jifen.db", location: "/var/lib/jifen.db", says: "an absolute path" },
    { url: "file:///var/lib/jifen.db", location: "/var/lib/jifen.db", says: "a full file URL" },
    { url: "FILE:./jifen.db", location: "./jifen.db", says: "a scheme in upper case" },
    { url: "file:./数据/积分.db", location: "./数据/积分.db", says: "a path with characters beyond ASCII" },
  ])("reads $says as an SQLite file: $url", ({ url, location }) => {
    expect(parseDatabaseUrl(url)).toEqual({ kind: "sqlite", location });
  });

  test.each([
    "postgresql://jifen@localhost/jifen",
    "postgres://jifen:p%40ss@db.example.com:6432/jifen?sslmode=require",
    "POSTGRESQL://jifen@localhost/jifen",
  ])("keeps a PostgreSQL URL unchanged: %s", (url) => {
    expect(parseDatabaseUrl(url)).toEqual({ kind: "postgresql", location: url });
  });

  test.each([
    "mongodb://127.0.0.1/jifen",
    "mongodb://jifen:p%40ss@a.example.com:27017,b.example.com:27017/jifen?replicaSet=rs0&authSource=admin",
    "mongodb+srv://jifen@cluster.example.com/jifen",
  ])("keeps a MongoDB URL unchanged: %s", (url) => {
    expect(parseDatabaseUrl(url)).toEqual({ kind: "mongodb", location: url });
  });

  test.each([
    "mysql://root@127.0.0.1/jifen",
    "mariadb://jifen:p%40ss@db.example.com:3307/jifen?ssl=true",
    "MySQL://jifen@[::1]:3306/jifen",
  ])("keeps a MySQL or MariaDB URL unchanged: %s", (url) => {
    expect(parseDatabaseUrl(url)).toEqual({ kind: "mysql", location: url });
  });

  test.each([
    { url: "", message: /must begin with file:, postgresql:/, says: "an empty URL" },
    { url: "jifen.db", message: /must begin with file:, postgresql:/, says: "a URL without a scheme" },
    { url: "oracle://root@localhost/jifen", message: /not oracle:/, says: "an unknown database" },
    { url: "mysql://root@localhost", message: /must name a database/, says: "a MySQL server without a database" },
    { url: "mariadb://root@localhost/", message: /must name a database/, says: "an empty database name" },
    { url: "mongodb://a,b", message: /must name hosts and a database/, says: "MongoDB hosts without a database" },
    { url: "mongodb://a/?replicaSet=rs0", message: /must name hosts and a database/, says: "an empty MongoDB name" },
    { url: "mongodb://jifen:a/b@c/jifen", message: /percent-encoded/, says: "an unencoded MongoDB password" },
    { url: "file:", message: /must name a file/, says: "an empty path" },
    { url: "file::memory:", message: /must name a file/, says: "an in-memory database" },
    { url: "postgresql://jifen:a#b@c/d:e@:x", message: /percent-encoded/, says: "an unencoded PostgreSQL password" },
  ])("refuses $says: $url", ({ url, message }) => {
    expect(() => parseDatabaseUrl(url)).toThrow(UnsupportedDatabaseUrl);
    expect(() => parseDatabaseUrl(url)).toThrow(message);
  });

  test("never repeats the password in an error message", () => {
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
