import { chmodSync, chownSync, copyFileSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Certificate, makeCertificate } from "@jifen/testkit";
import { hasOwnPostgresql, type OwnPostgresql, onPostgresql, startOwnPostgresql } from "@jifen/testkit/processes";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createPool, findRoute } from "../src/drivers/postgresql/pool.ts";
import { openDatabase } from "../src/index.ts";

/** Whether the connection behind this URL is encrypted, as the server sees it, for the first connection and for a pool. */
async function encryption(url: string): Promise<unknown> {
  const pool = createPool(await findRoute(url), { max: 1, use: "records" });
  try {
    const sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    return (await pool.query<{ ssl: boolean }>(sql)).rows[0]?.ssl;
  } finally {
    await pool.end();
  }
}

const causeOf = async (url: string): Promise<string> => {
  const error = (await openDatabase(url).then(
    () => new Error("it was opened"),
    (reason: unknown) => reason,
  )) as Error;
  return error.cause instanceof Error ? error.cause.message : error.message;
};

/** Files of the server must belong to its user, and the key be readable by it alone. */
function installFile(from: string, to: string, mode: number): void {
  const { uid, gid } = statSync(dirname(to));
  copyFileSync(from, to);
  chownSync(to, uid, gid);
  chmodSync(to, mode);
}

describe.skipIf(!hasOwnPostgresql())("TLS to PostgreSQL with a certificate of its own", () => {
  let certificate: Certificate;
  let other: Certificate;
  let server: OwnPostgresql;
  let withoutTls: OwnPostgresql;
  /** The URL with a host name that the certificate has, or with the address, which it has not. */
  const urlOf = (query: string, host = "localhost") => {
    const url = new URL(server.url);
    url.hostname = host;
    return `${url.href}?${query.replaceAll("CA", certificate.certificateFile).replaceAll("OTHER", other.certificateFile)}`;
  };

  beforeAll(async () => {
    certificate = makeCertificate("localhost");
    other = makeCertificate("localhost");
    [server, withoutTls] = await Promise.all([startOwnPostgresql(), startOwnPostgresql()]);
    await server.kill();
    installFile(certificate.certificateFile, join(server.folder, "server.crt"), 0o644);
    installFile(certificate.keyFile, join(server.folder, "server.key"), 0o600);
    const settings = join(server.folder, "postgresql.conf");
    writeFileSync(settings, `${readFileSync(settings, "utf8")}\nssl = on\npassword_encryption = 'scram-sha-256'\n`);
    await server.start();
    await onPostgresql(server.url, (client) => client.query("CREATE ROLE jifen SUPERUSER LOGIN PASSWORD 'p%/@ss'"));
    writeFileSync(
      join(server.folder, "pg_hba.conf"),
      "host all jifen all scram-sha-256\nhost all postgres all trust\n",
    );
    await onPostgresql(server.url, (client) => client.query("SELECT pg_reload_conf()"));
  }, timeLimit(120));
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await withoutTls?.[Symbol.asyncDispose]();
    certificate?.[Symbol.dispose]();
    other?.[Symbol.dispose]();
  });

  test.each([
    { query: "sslmode=disable", isEncrypted: false },
    { query: "sslmode=prefer", isEncrypted: true },
    { query: "sslmode=require", isEncrypted: true },
    { query: "sslmode=no-verify", isEncrypted: true },
    { query: "sslaccept=accept_invalid_certs", isEncrypted: true },
    { query: 'ssl={"rejectUnauthorized":false}', isEncrypted: true },
    { query: "sslmode=require&sslrootcert=CA", isEncrypted: true },
    { query: "sslmode=verify-ca&sslrootcert=CA", isEncrypted: true },
    { query: "sslmode=verify-full&sslrootcert=CA", isEncrypted: true },
    { query: "sslaccept=strict&sslrootcert=CA", isEncrypted: true },
    { query: "sslmode=verify-ca&sslrootcert=CA", host: "127.0.0.1", isEncrypted: true },
  ])("$query is encrypted: $isEncrypted", async ({ query, host, isEncrypted }) => {
    expect(await encryption(urlOf(query, host))).toBe(isEncrypted);
  });

  test.each([
    { query: "sslmode=verify-full", says: /self-signed certificate/ },
    { query: "sslmode=verify-ca", says: /self-signed certificate/ },
    { query: "ssl=true", says: /self-signed certificate/ },
    { query: "sslaccept=strict", says: /self-signed certificate/ },
    { query: "sslmode=verify-ca&sslrootcert=OTHER", says: /self-signed certificate/ },
    { query: "sslmode=verify-full&sslrootcert=CA", host: "127.0.0.1", says: /IP: 127\.0\.0\.1 is not in the cert/ },
    { query: "sslmode=verify-full&sslrootcert=/missing.pem", says: /cannot be read \(ENOENT\): \/missing\.pem/ },
  ])("$query is refused when the certificate does not prove it", async ({ query, host, says }) => {
    expect(await causeOf(urlOf(query, host))).toMatch(says);
  });

  test.each(["sslmode=require", "sslmode=verify-full", "ssl=true", "sslaccept=strict"])(
    "%s never connects in the clear: a server without TLS is refused",
    async (query) => {
      expect(await causeOf(`${withoutTls.url}?${query}`)).toBe("The server does not support SSL connections");
    },
  );

  test("sslmode=prefer connects to a server without TLS", async () => {
    expect(await encryption(`${withoutTls.url}?sslmode=prefer`)).toBe(false);
  });

  test("channel_binding=require is obeyed: a server that does not bind the password is refused", async () => {
    const bound = `postgresql://jifen:p%25%2F%40ss@${new URL(server.url).host}/postgres?sslmode=require&channel_binding=`;
    expect(await encryption(`${bound}require`)).toBe(true);
    expect(await encryption(`${bound}prefer`)).toBe(true);
    expect(await causeOf(urlOf("sslmode=require&channel_binding=require"))).toMatch(/offers no channel binding/);
  });
});
