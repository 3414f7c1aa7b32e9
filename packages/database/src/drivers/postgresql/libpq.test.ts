import { describe, expect, test } from "vitest";
import { toLibpq } from "./libpq.ts";

const url = "postgresql://ann@db.internal:5433/jifen";

describe("a URL in the words of libpq", () => {
  test("the password is in the environment of the program, not in its arguments, which other users see", () => {
    const { dbname, env } = toLibpq("postgresql://ann:a%27b%5Cc@db.internal:5433/jifen", 15) ?? {};
    expect(env).toEqual({ PGPASSWORD: "a'b\\c" });
    expect(dbname).toBe("host='db.internal' port='5433' user='ann' dbname='jifen' application_name='jifen'");
  });

  test("names with quotes and backslashes stay one value each", () => {
    const { dbname } = toLibpq("postgresql://a%27nn@localhost/j%5Cf", 15) ?? {};
    expect(dbname).toContain(String.raw`user='a\'nn' dbname='j\\f'`);
  });

  test.each([
    { query: "sslmode=disable", has: "sslmode='disable'" },
    { query: "sslmode=require", has: "sslmode='require'" },
    { query: "sslmode=verify-full&sslrootcert=/ca.pem", has: "sslmode='verify-full' sslrootcert='/ca.pem'" },
    { query: "sslmode=require&channel_binding=require", has: "channel_binding='require'" },
    { query: "sslmode=require&sslnegotiation=direct", major: 17, has: "sslnegotiation='direct'" },
  ])("$query is the same for libpq", ({ query, major = 15, has }) => {
    expect(toLibpq(`${url}?${query}`, major)?.dbname).toContain(has);
  });

  test.each([
    { query: "sslmode=verify-full", says: "a verified server without a file of authorities" },
    { query: "sslmode=verify-ca", says: "a trusted certificate without a file of authorities" },
    { query: "sslrootcert=system", says: "the authorities of the system, which are not those of Node.js" },
    { query: "sslmode=require&sslnegotiation=direct", says: "direct TLS before version 17" },
    { query: "sslmode=require&sslidentity=/id.p12", says: "a certificate with its key in one file" },
    { query: "sslmode=require&sslcert=/c&sslkey=/k&sslpassword=p", says: "a passphrase" },
  ])("libpq is not used for $says", ({ query }) => {
    expect(toLibpq(`${url}?${query}`, 16)).toBeUndefined();
  });
});
