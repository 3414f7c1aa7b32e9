import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { readArguments, shownUrl } from "./arguments.ts";

const postgresql = "postgresql://user:secret@host:5432/postgres";
const script = fileURLToPath(import.meta.url);

describe("the arguments of verify:db", () => {
  test("a URL, a second URL and a script are read in any order", () => {
    expect(readArguments(["--after-migrations", script, postgresql, "--second-url", "postgres://other/"])).toEqual({
      ...{ kind: "postgresql", url: postgresql, secondUrl: "postgres://other/", afterMigrations: script },
    });
    expect(readArguments(["mariadb://host/"])).toEqual({
      ...{ kind: "mysql", url: "mariadb://host/", secondUrl: undefined, afterMigrations: undefined },
    });
  });

  test.each([
    { args: [], error: "The URL of one database server is needed", says: "no URL" },
    { args: ["redis://host/"], error: "The URL of one database server is needed", says: "a URL of another kind" },
    { args: [postgresql, postgresql], error: "The URL of one database server is needed", says: "two URLs" },
    { args: [postgresql, "--second", "x"], error: "Unknown option '--second'", says: "an unknown option" },
    { args: ["sqlite", "--second-url", postgresql], error: "only one process", says: "a second URL with SQLite" },
    { args: [postgresql, "--second-url", "mysql://host/"], error: "a URL of postgresql", says: "two kinds of URLs" },
    { args: ["sqlite", "--after-migrations", script], error: "not on sqlite", says: "a script with SQLite" },
    {
      args: ["mongodb://host/", "--after-migrations", script],
      error: "not on mongodb",
      says: "a script with MongoDB",
    },
    {
      args: [postgresql, "--after-migrations", "/none.sql"],
      error: "cannot be read",
      says: "a script that is missing",
    },
  ])("verify:db refuses $says", ({ args, error }) => {
    expect(() => readArguments(args)).toThrow(error);
  });
});

test.each([
  { url: postgresql, shown: "postgresql://user@host:5432/postgres" },
  { url: "mysql://root@127.0.0.1/", shown: "mysql://root@127.0.0.1/" },
  { url: "mysql://host:3306/", shown: "mysql://host:3306/" },
  { url: "postgresql://host/name?user=a&password=secret", shown: "postgresql://host/name" },
  { url: "postgresql://user:sec/ret@host/", shown: "postgresql://…" },
  { url: "postgresql://user:sec?ret@host/", shown: "postgresql://…" },
  { url: "postgresql://user:sec@ret@host/", shown: "postgresql://…" },
  { url: "mongodb+srv://user:secret@host/?a=b", shown: "mongodb+srv://user@host/" },
  { url: "mongodb://user:secret@one:1,two:2/?replicaSet=rs0", shown: "mongodb://user@one:1,two:2/" },
])("$url is shown without password and parameters", ({ url, shown }) => {
  expect(shownUrl(url)).toBe(shown);
});
