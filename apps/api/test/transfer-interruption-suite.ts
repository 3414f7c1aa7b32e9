import { setTimeout as sleep } from "node:timers/promises";
import { inspectDatabase, openToImport, transferTables } from "@jifen/database";
import { type DatabaseKind, describeOn, type FreshDatabase, freshDatabase, runApi, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createBulkEntries } from "./bulk-entries.ts";
import { newExportFile } from "./export-files.ts";
import { jifen, startJifen } from "./jifen-command.ts";

type Interruptions = {
  /** From what the import that is killed reads. */
  readonly sources: readonly ("a file" | "a database")[];
  /** Whether the source also changes between the interruption and the next import. */
  readonly changesSource: boolean;
};

/** Tests that an import that was killed resumes, and only from the same source. */
export function describeInterruptions(kind: DatabaseKind, { sources, changesSource }: Interruptions): void {
  describeOn(kind)(`transfer from SQLite to ${kind} with an interruption`, () => {
    // Enough rows that the import takes a while.
    const [accounts, each] = kind === "mongodb" ? [10, 400] : [20, 500];
    const lines = accounts * (each + 1);
    let source: FreshDatabase;
    beforeAll(async () => {
      source = await freshDatabase("sqlite");
      await createBulkEntries(source.url, { accounts, each });
    });
    afterAll(() => source.drop());

    /** Starts an import and kills it (SIGKILL) when it has imported 1,000 transactions. */
    async function killInTheMiddle(target: FreshDatabase, from: string): Promise<number> {
      const command = startJifen({ DATABASE_URL: target.url }, "import", from);
      while ((await inspectDatabase(target.url)).schema.is !== "importing") await sleep(5);
      const { database } = await openToImport(target.url);
      const table = transferTables.find(({ name }) => name === "transactions") as (typeof transferTables)[number];
      while ((await database.tableCopier.count(table)) < 1_000) await sleep(5);
      await command.kill();
      const imported = await database.tableCopier.count(table);
      await database.close();
      return imported;
    }

    test.each(sources)(
      "an import from %s that was killed resumes where it stopped",
      { timeout: timeLimit(120) },
      async (what) => {
        const target = await freshDatabase(kind);
        const file = newExportFile();
        if (what === "a file") await jifen(source.url, "export", file);
        const from = what === "a file" ? file : source.url;
        const imported = await killInTheMiddle(target, from);
        expect(imported).toBeLessThan(lines);

        // A partly imported database is neither served nor exported.
        expect(await runApi({ databaseUrl: target.url })).toMatchObject({
          exitCode: 1,
          stderr: expect.stringMatching(/import.*尚未完成/s),
        });
        expect(await jifen(target.url, "export", newExportFile())).toMatchObject({ exitCode: 1 });
        expect(await jifen(target.url, "doctor")).toMatchObject({
          exitCode: 1,
          stdout: expect.stringMatching(/not finished/),
        });

        const again = await jifen(target.url, "import", from, "--json");
        expect(again.exitCode).toBe(0);
        expect(JSON.parse(again.stdout)).toMatchObject({ ok: true, audit: { accounts, transactions: lines } });
        await using importedApi = await startApi({ databaseUrl: target.url });
        expect(importedApi.url).toMatch(/^http/);
        await importedApi.stop();
        await target.drop();
      },
    );

    test.skipIf(!changesSource)(
      "an import does not resume from a source that has changed",
      { timeout: timeLimit(120) },
      async () => {
        const [target, moved] = [await freshDatabase(kind), await freshDatabase("sqlite")];
        expect((await jifen(moved.url, "import", source.url)).exitCode).toBe(0);
        await killInTheMiddle(target, moved.url);
        await jifen(moved.url, "user", "create", "aaa@example.com");
        const refused = await jifen(target.url, "import", moved.url);
        expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringMatching(/has changed.*不一致/s) });
        expect((await inspectDatabase(target.url)).schema.is).toBe("importing");
        await target.drop();
        await moved.drop();
      },
    );
  });
}
