import { type Certificate, hasOwnMysql, makeCertificate, type OwnMysql, onMysql, startOwnMysql } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { withConnection } from "../src/drivers/mysql/connection.ts";
import { connectionOptions } from "../src/drivers/mysql/options.ts";
import { Pool } from "../src/drivers/mysql/pool.ts";

/** Whether the connections behind this URL are encrypted, as the server sees those of a pool. */
async function isEncrypted(url: string): Promise<boolean> {
  const found = await withConnection(url, async (_connection, _database, resolved) => resolved);
  const pool = new Pool(connectionOptions(found), 1);
  try {
    const [row] = await pool.query<{ Value: string }[]>("SHOW STATUS LIKE 'Ssl_cipher'");
    return row?.Value !== "";
  } finally {
    await pool.end();
  }
}

const causeOf = async (url: string): Promise<string> => {
  const error = (await isEncrypted(url).then(
    () => new Error("it was opened"),
    (reason: unknown) => reason,
  )) as Error;
  return error.cause instanceof Error ? error.cause.message : error.message;
};

describe.skipIf(!hasOwnMysql())("TLS to MariaDB with a certificate of its own", () => {
  let certificate: Certificate;
  let other: Certificate;
  let server: OwnMysql;
  let withoutTls: OwnMysql;

  beforeAll(async () => {
    certificate = makeCertificate("localhost");
    other = makeCertificate("localhost");
    [server, withoutTls] = await Promise.all([
      startOwnMysql(`--ssl-cert=${certificate.certificateFile}`, `--ssl-key=${certificate.keyFile}`),
      startOwnMysql("--skip-ssl"),
    ]);
    for (const { url } of [server, withoutTls]) await onMysql(url, (client) => client.query("CREATE DATABASE jifen"));
  }, timeLimit(120));
  afterAll(async () => {
    await server?.[Symbol.asyncDispose]();
    await withoutTls?.[Symbol.asyncDispose]();
    certificate?.[Symbol.dispose]();
    other?.[Symbol.dispose]();
  });
  const urlOf = (at: OwnMysql, query: string) => {
    const files = query.replaceAll("CA", certificate.certificateFile).replaceAll("OTHER", other.certificateFile);
    return `${at.url.replace("127.0.0.1", "localhost")}jifen?${files}`;
  };

  test.each([
    { query: "ssl-mode=DISABLED", encrypted: false },
    { query: "ssl-mode=PREFERRED", encrypted: true },
    { query: "ssl-mode=REQUIRED", encrypted: true },
    { query: "sslmode=require", encrypted: true },
    { query: "sslaccept=accept_invalid_certs", encrypted: true },
    { query: 'ssl={"rejectUnauthorized":false}', encrypted: true },
    { query: "ssl-mode=VERIFY_IDENTITY&ssl-ca=CA", encrypted: true },
    { query: "sslaccept=strict&sslcert=CA", encrypted: true },
  ])("$query is encrypted: $encrypted", async ({ query, encrypted }) => {
    expect(await isEncrypted(urlOf(server, query))).toBe(encrypted);
  });

  test.each(["sslaccept=strict", 'ssl={"rejectUnauthorized":true}', "ssl=true", "ssl-mode=VERIFY_CA&ssl-ca=OTHER"])(
    "%s refuses a certificate that nothing vouches for",
    async (query) => {
      expect(await causeOf(urlOf(server, query))).toMatch(/self.signed certificate/i);
    },
  );

  test.each([
    "sslaccept=strict",
    "ssl-mode=REQUIRED",
    'ssl={"rejectUnauthorized":true}',
    "ssl=true",
    "sslmode=require",
  ])("%s never connects in the clear: a server without TLS is refused", async (query) => {
    expect(await causeOf(urlOf(withoutTls, query))).toMatch(/ssl not enabled in the server/);
  });

  test("ssl-mode=PREFERRED connects to a server without TLS", async () => {
    expect(await isEncrypted(urlOf(withoutTls, "ssl-mode=PREFERRED"))).toBe(false);
  });
});
