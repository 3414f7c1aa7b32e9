import { expect, test } from "vitest";
import { statementsOf } from "./statements.ts";

const textsOf = (kind: "postgresql" | "mysql", script: string) => statementsOf(kind, script).map(({ text }) => text);

test.each(["postgresql", "mysql"] as const)(
  "statements of %s have the lines on which they begin, after comments",
  (kind) => {
    const script = "-- grants\n\nSELECT 1;\n/* two; */ SELECT\n2;\n-- end;\n";
    expect(statementsOf(kind, script)).toEqual([
      { text: "SELECT 1", line: 3 },
      { text: "SELECT\n2", line: 4 },
    ]);
  },
);

test.each([
  { sql: "SELECT 'it''s; one'", says: "a text" },
  { sql: String.raw`SELECT E'it\'s; one'`, says: "a text with backslashes" },
  { sql: 'SELECT 1 AS "a;b"', says: "a name" },
  { sql: "DO $$ BEGIN PERFORM 1; END $$", says: "a body" },
  { sql: "DO $body$ BEGIN PERFORM '$$;'; END $body$", says: "a body with a tag" },
  { sql: "SELECT 1 -- one;", says: "a comment to the end of a line" },
  { sql: "SELECT /* one; */ 1", says: "a comment" },
])("a semicolon in $says does not end a statement of PostgreSQL", ({ sql }) => {
  expect(textsOf("postgresql", `${sql}\n;SELECT 2;`)).toEqual([sql, "SELECT 2"]);
});

test("a backslash before a quote is a character of a text on PostgreSQL", () => {
  expect(textsOf("postgresql", String.raw`SELECT '\'; SELECT 2`)).toEqual([String.raw`SELECT '\'`, "SELECT 2"]);
});

test.each([
  { sql: "SELECT 'it''s; one'", says: "a text" },
  { sql: String.raw`SELECT "it\"s; one"`, says: "a text with backslashes" },
  { sql: "SELECT 1 AS `a;b`", says: "a name" },
  { sql: "SELECT 1 # one;", says: "a comment to the end of a line" },
  { sql: "/*!40101 SET @a = 1; */", says: "a comment that is executed" },
])("a semicolon in $says does not end a statement of MySQL", ({ sql }) => {
  expect(textsOf("mysql", `${sql}\n;SELECT 2;`)).toEqual([sql, "SELECT 2"]);
});
