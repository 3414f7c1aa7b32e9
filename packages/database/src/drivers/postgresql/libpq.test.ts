import { expect, test } from "vitest";
import { toLibpq } from "./libpq.ts";

test("the password is in the environment of the program, not in its arguments, which other users see", () => {
  const { dbname, env } = toLibpq("postgresql://ann:a%27b%5Cc@db.internal:5433/jifen") ?? { dbname: "", env: {} };
  expect(env).toEqual({ PGPASSWORD: "a'b\\c" });
  expect(dbname).toBe("host='db.internal' port='5433' user='ann' dbname='jifen' application_name='jifen'");
});

test("names with quotes and backslashes stay one value each", () => {
  expect(toLibpq("postgresql://a%27nn@localhost/j%5Cf")?.dbname).toContain(String.raw`user='a\'nn' dbname='j\\f'`);
});

test.each([
  { query: "sslmode=require", says: "sslmode='require'" },
  { query: "sslmode=verify-full", says: "sslmode='verify-full' sslrootcert='system'" },
  { query: "sslmode=verify-ca&sslrootcert=/ca.pem", says: "sslmode='verify-ca' sslrootcert='/ca.pem'" },
])("the program asks for as much TLS as the server with $query", ({ query, says }) => {
  expect(toLibpq(`postgresql://ann@localhost/jifen?${query}`)?.dbname).toContain(says);
});

test("a certificate with a passphrase is left to the export, because libpq takes it as an argument only", () => {
  const query = "sslmode=verify-full&sslcert=/c.pem&sslkey=/k.pem&sslpassword=secret";
  expect(toLibpq(`postgresql://ann@localhost/jifen?${query}`)).toBeUndefined();
});
