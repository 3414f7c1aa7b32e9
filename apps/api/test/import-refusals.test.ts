import { existsSync, rmSync } from "node:fs";
import { parseDatabaseUrl } from "@jifen/database";
import { emptyDatabase, type FreshDatabase } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { countRows } from "./export-files.ts";
import { jifen } from "./jifen-command.ts";
import { type ApiWithAdmin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

describe("an import of something that is no export", () => {
  const folder = createTemporaryFolder();
  let api: ApiWithAdmin;
  let target: FreshDatabase;
  const source = () => api.server.database.url;
  const file = () => parseDatabaseUrl(source()).location;

  beforeAll(async () => {
    api = await startApiWithAdmin("sqlite");
    target = await emptyDatabase("sqlite");
  });
  afterAll(async () => {
    await api.server.stop();
    await target.drop();
    rmSync(folder, { recursive: true, force: true });
  });
  const importing = async (from: string) => {
    const { exitCode, stderr } = await jifen(target.url, "import", from);
    return { exitCode, stderr, rows: Object.values(await countRows(target.url)).reduce((sum, rows) => sum + rows, 0) };
  };

  test("the file of a database is refused with the command that imports it", async () => {
    expect(await importing(file())).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(/SQLite database.*jifen import file:.*Nothing was imported.*SQLite 数据库文件/),
      rows: 0,
    });
  });

  test("a backup is refused with the command that restores it", async () => {
    const backup = `${folder}/jifen.tar`;
    expect((await jifen(source(), "backup", backup)).exitCode).toBe(0);
    expect(await importing(backup)).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(/is a backup.*jifen restore.*备份文件/),
      rows: 0,
    });
  });

  test("the database of a running server is refused, and imported after the server has stopped", async () => {
    expect(await importing(source())).toEqual({
      exitCode: 1,
      stderr: expect.stringMatching(/running server.*stop it first.*jifen backup.*请先停止/),
      rows: 0,
    });
    await api.server.api.stop();
    const { exitCode, rows } = await importing(source());
    expect({ exitCode, hasRows: rows > 0 }).toEqual({ exitCode: 0, hasRows: true });
    expect(existsSync(file())).toBe(true);
  });
});
