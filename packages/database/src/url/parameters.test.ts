import { describe, expect, test } from "vitest";
import { parsePostgresqlUrl } from "../drivers/postgresql/target.ts";
import { parseDatabaseUrl, UnsupportedDatabaseUrl } from "../url.ts";

const secret = "hunter2";

function messageOf(url: string): string {
  try {
    parseDatabaseUrl(url);
  } catch (error) {
    expect(error).toBeInstanceOf(UnsupportedDatabaseUrl);
    return (error as Error).message;
  }
  return "";
}

describe("parameters of a database URL", () => {
  test.each([
    "postgresql://a@h/d?sslmode=verify-full&sslrootcert=/ca.pem&schema=demo&application_name=x&connect_timeout=10",
    "postgresql://a@h/d?sslmode=require&channel_binding=require",
    "postgresql://a@h:6543/d?pgbouncer=true&options=endpoint%3Dep-cool-1",
    "postgresql://a@h/d?sslaccept=strict",
    "postgresql:///d?host=/var/run/postgresql",
    "mysql://a@h/d?sslaccept=strict",
    'mysql://a@h/d?ssl={"rejectUnauthorized":true}',
    "mysql://a@h/d?ssl-mode=VERIFY_IDENTITY&ssl-ca=/ca.pem",
    "mongodb+srv://a@h/d?retryWrites=true&w=majority&appName=Cluster0",
    "mongodb://a@h/d?replicaSet=rs0&tls=true&tlsCAFile=/ca.pem&authSource=admin",
  ])("are accepted: %s", (url) => {
    expect(messageOf(url)).toBe("");
  });

  test.each([
    { url: "postgresql://a@h/d?sslmodee=require", says: "did you mean sslmode?" },
    { url: "postgresql://a@h/d?ssl-mode=REQUIRED", says: "did you mean sslmode?" },
    { url: "postgresql://a@h/d?shema=demo", says: "did you mean schema?" },
    { url: "postgresql://a@h/d?Schema=demo", says: "did you mean schema?" },
    { url: "postgresql://a@h/d?sslmode=required", says: "use disable, allow, prefer, require" },
    { url: "postgresql://a@h/d?connection_limit=1", says: "connection_limit, which is not obeyed" },
    { url: "postgresql://a@h/d?statement_timeout=0", says: "statement_timeout, which is not obeyed" },
    { url: "postgresql://a@h/d?schema=a&schema=b", says: "schema twice" },
    { url: "postgresql://a@h/d?target_session_attrs=standby", says: "use any, read-write, primary" },
    { url: "postgresql://a@h,i/d", says: "names several hosts" },
    { url: "mysql://a@h/d?sslaccpet=strict", says: "did you mean sslaccept?" },
    { url: "mysql://a@h/d?tls=true", says: "use ssl-mode=REQUIRED" },
    { url: "mysql://a@h/d?useSSL=true", says: "use ssl-mode=REQUIRED" },
    { url: "mysql://a@h/d?timezone=local", says: "timezone, which is not obeyed" },
    { url: 'mysql://a@h/d?ssl={"ca":"x"}', says: "use true, false or" },
    { url: "mysql://a@h/d?ssl-mode=DISABLED&sslaccept=strict", says: "turns TLS off and asks for it" },
    { url: "postgresql://a@h/d?sslmode=disable&sslrootcert=/ca.pem", says: "turns TLS off and asks for it" },
    { url: "mongodb://a@h/d?w=1", says: "use majority" },
    { url: "mongodb://a@h/d?readPreference=nearest", says: "use primary" },
    { url: "mongodb://a@h/d?replicaset=rs0", says: "did you mean replicaSet?" },
    { url: "mongodb://a@h/d?maxPoolSize=5", says: "maxPoolSize, which is not obeyed" },
    { url: "file:./data/jifen.db?connection_limit=1", says: "has parameters" },
  ])("are refused by name: $url", ({ url, says }) => {
    expect(messageOf(url)).toContain(says);
  });

  test.each([
    { url: "postgresql://a@h/d?options=-c%20statement_timeout%3D0", says: /sets statement_timeout in options/ },
    { url: "postgresql://a@h/d?options=--enable-seqscan%3Don", says: /sets enable_seqscan in options/ },
    { url: "postgresql://a@h/d?schema=a&options=-c%20search_path%3Db", says: /names the schema twice/ },
    { url: "postgresql://a@h/d?schema=a&currentSchema=b", says: /names the schema twice/ },
    { url: "postgresql://a@h/d?channel_binding=require", says: /add sslmode=require/ },
    { url: "postgresql://a@h/d?channel_binding=require&sslmode=prefer", says: /add sslmode=require/ },
  ])("that contradict another or a guarantee are refused: $url", ({ url, says }) => {
    expect(messageOf(url)).toMatch(says);
  });

  test("options of a session are read as PostgreSQL reads them", () => {
    const options = "-c work_mem=5MB --geqo=off -csearch_path=a\\ b,public endpoint=ep-1 -c application.name=x";
    const url = `postgresql://a@h/d?options=${encodeURIComponent(options)}`;
    expect(parsePostgresqlUrl(url)).toMatchObject({
      settings: [
        ["work_mem", "5MB"],
        ["geqo", "off"],
        ["application.name", "x"],
      ],
      searchPath: "a b,public",
      otherOptions: "endpoint=ep-1",
    });
  });
});

describe("TLS of a database URL", () => {
  test.each([
    { query: "", level: undefined },
    { query: "?sslmode=disable", level: "off" },
    { query: "?sslmode=prefer", level: "prefer" },
    { query: "?sslmode=require", level: "require" },
    { query: "?sslmode=no-verify", level: "require" },
    { query: "?sslmode=require&sslrootcert=/ca.pem", level: "verify-ca" },
    { query: "?sslmode=verify-ca&sslrootcert=/ca.pem", level: "verify-ca" },
    { query: "?sslmode=verify-full", level: "verify-full" },
    { query: "?sslmode=require&sslrootcert=system", level: "verify-full" },
    { query: "?sslrootcert=/ca.pem", level: "verify-full" },
    { query: "?ssl=true", level: "verify-full" },
    { query: "?ssl=false", level: "off" },
    { query: "?ssl=no-verify", level: "require" },
    { query: '?ssl={"rejectUnauthorized":false}', level: "require" },
    { query: "?sslaccept=strict", level: "verify-full" },
    { query: "?sslmode=require&sslaccept=strict", level: "verify-full" },
    { query: "?sslmode=prefer&sslaccept=accept_invalid_certs", level: "require" },
  ])("$query is $level", ({ query, level }) => {
    expect(parsePostgresqlUrl(`postgresql://a@h/d${query}`).tls?.level).toBe(level);
  });
});

describe("a password with special characters", () => {
  const passwords = [
    "p@ss:w/rd#1?x%y&z=1+ 2",
    "100%pure",
    "a'b\"c\\d",
    "$2b$x!^|{}",
    "a b+c",
    "积分",
    "%41%zz",
    "a%2fb",
  ];

  test.each(passwords)("is read when it is encoded: %s", (password) => {
    const url = `postgresql://u:${encodeURIComponent(password)}@h:1/d`;
    expect(messageOf(url)).toBe("");
    expect(parsePostgresqlUrl(url).address).toMatchObject({ password, host: "h", user: "u", database: "d" });
    expect(messageOf(`mysql://u:${encodeURIComponent(password)}@h/d`)).toBe("");
    expect(messageOf(`mongodb://u:${encodeURIComponent(password)}@h/d`)).toBe("");
  });

  const raw = [
    `${secret}/x`,
    `${secret}?x`,
    `${secret}#x`,
    `100%${secret}`,
    `${secret}%`,
    `${secret}%e4`,
    `1/${secret}`,
  ];
  const schemes = ["postgresql", "mysql", "mongodb"];

  test.each(schemes.flatMap((scheme) => [...raw, `${secret}\n`].map((password) => ({ scheme, password }))))(
    "is refused with what to encode, and not repeated: $scheme $password",
    ({ scheme, password }) => {
      const message = messageOf(`${scheme}://u:${password}@h/d`);
      expect(message).toMatch(/percent-encoded: % as %25, @ as %40/);
      expect(message).not.toContain(secret);
    },
  );

  test.each(["a@b", "a:b", "$2b$x!^|{}", "a b+c"])("whose characters are unmistakable may be raw: %s", (password) => {
    const url = `postgresql://u:${password}@h/d`;
    expect(messageOf(url)).toBe("");
    expect(parsePostgresqlUrl(url).address).toMatchObject({ password, host: "h" });
  });
});
