import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, inject, test } from "vitest";
import { databaseAt } from "../create-database.ts";
import { freePort } from "../free-port.ts";
import { describeOn } from "../fresh-database.ts";
import { onPostgresql } from "../postgres.ts";
import { removeRun } from "./remove-run.ts";
import { databasePrefixOf, writeServers } from "./run-folder.ts";

let place: string;
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "runs-"));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

function makeRun(name: string): string {
  const folder = join(place, name);
  mkdirSync(join(folder, "t"), { recursive: true });
  writeFileSync(join(folder, "t/file"), "");
  return folder;
}

test("a folder that does not have the name of a run is not removed", async () => {
  const folder = makeRun("jifen-runs");
  await removeRun(folder);
  expect(existsSync(join(folder, "t/file"))).toBe(true);
});

describeOn("postgresql")("a run with databases on PostgreSQL", () => {
  test("a run stays noted while its server does not answer, and the next removal drops its databases alone", async () => {
    const folder = makeRun(`jifen-run-${process.pid}-0a1b2c`);
    const url = inject("postgresqlUrl");
    const own = `${databasePrefixOf(folder)}"x"`;
    const other = `${databasePrefixOf(folder).slice(0, -1)}d_x`;
    const names = () =>
      onPostgresql(url, async (client) => {
        const { rows } = await client.query("SELECT datname AS name FROM pg_database WHERE datname = ANY($1)", [
          [own, other],
        ]);
        return rows.map(({ name }) => String(name));
      });
    await onPostgresql(url, async (client) => {
      for (const name of [own, other]) await client.query(`CREATE DATABASE ${client.escapeIdentifier(name)}`);
    });
    const unreachable = `postgresql://me:secret@127.0.0.1:${await freePort()}/postgres`;
    writeServers(folder, [unreachable]);
    const failure = await removeRun(folder).catch(String);
    expect(failure).toContain(`remove ${folder}`);
    expect(failure).not.toContain("secret");
    expect([existsSync(join(folder, "t")), existsSync(join(folder, "servers.json"))]).toEqual([false, true]);

    rmSync(join(folder, "servers.json"));
    writeServers(folder, [databaseAt(url, "postgres")]);
    await removeRun(folder);
    expect(existsSync(folder)).toBe(false);
    expect(await names()).toEqual([other]);
    await onPostgresql(url, (client) => client.query(`DROP DATABASE ${other}`));
  });
});
