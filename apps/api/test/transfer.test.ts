import { existsSync, readdirSync, rmSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { inspectDatabase, transferTables } from "@jifen/database";
import { callRest, databaseKinds, describeOn, type FreshDatabase, freshDatabase, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createBulkEntries } from "./bulk-entries.ts";
import { countRows, fillEveryTable, folder, linesOf, newExportFile } from "./export-files.ts";
import { jifen, jifenWith, startJifen } from "./jifen-command.ts";
import { type ApiWithAdmin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";
import { describeInterruptions } from "./transfer-interruption-suite.ts";

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The lines of the rows, without the time and the source of the export. */
const contentOf = (path: string) => linesOf(path).slice(1, -1).toSorted();

describe.each(databaseKinds)("transfer from SQLite to %s and back", (kind) => {
  describeOn(kind)("by export and import", () => {
    let api: ApiWithAdmin;
    let target: FreshDatabase;
    const exported = newExportFile();

    beforeAll(async () => {
      api = await startApiWithAdmin("sqlite", { USER_KEYS: "on", SELF_GRANT: "on", LOG_DETAILS_BYTES: "65536" });
      target = await freshDatabase(kind);
      await fillEveryTable(api);
    });
    afterAll(async () => {
      await target.drop();
      await api.server.stop();
    });

    test("an export of a running server is a consistent snapshot", async () => {
      let isExported = false;
      const spending = async () => {
        while (!isExported) {
          const spent = await api.post("/credits/consume", { amount: 1, action: "video" }, { as: "admin" });
          expect(spent.status).toBe(200);
        }
      };
      const running = Promise.all([spending(), spending()]);
      const { exitCode, stdout, stderr } = await jifen(api.server.database.url, "export", exported, "--json");
      isExported = true;
      await running;
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
      const exportedTables = JSON.parse(stdout).tables;
      // Every table that requests fill at once has rows, and the counts match the lines.
      const filledLater = [
        ...["logs", "log_marks", "spend_marks", "spend_rollups", "spend_totals", "statements"],
        ...[
          "balance_alerts",
          "orders",
          "order_events",
          "payments",
          "reversals",
          "strays",
          "channels",
          "demo_trades",
          "grant_days",
          "webhook_deliveries",
        ],
      ];
      const requested = transferTables.filter(({ name }) => !filledLater.includes(name));
      for (const { name } of requested) expect([name, exportedTables[name].rows > 0]).toEqual([name, true]);
      const lines = linesOf(exported).filter((line) => line.startsWith("["));
      const rows = Object.values(exportedTables as Record<string, { rows: number }>).reduce(
        (sum, each) => sum + each.rows,
        0,
      );
      expect(lines).toHaveLength(rows);
    });

    test("an import into an empty database has equal digests and passes the audit", async () => {
      const { exitCode, stdout } = await jifen(target.url, "import", exported, "--json");
      const { ok, tables, audit } = JSON.parse(stdout);
      expect({ exitCode, ok, differences: audit.differences }).toEqual({ exitCode: 0, ok: true, differences: [] });
      for (const { from, to } of tables) expect(to).toEqual(from);
      expect(audit.accounts).toBe(3);
    });

    test("passwords, balances, holds and idempotency keys work after an import", async () => {
      await using importedApi = await startApi({ databaseUrl: target.url });
      const { status, body } = await callRest(importedApi.url, "POST", "/auth/login", { body: user });
      expect(status).toBe(200);
      const post = (path: string, sent: object, key = "new") =>
        callRest(importedApi.url, "POST", path, { token: body.token, body: sent, headers: { "idempotency-key": key } });
      const get = (path: string) => callRest(importedApi.url, "GET", path, { token: body.token });
      const before = await api.balance();
      expect((await get("/credits/balance")).body).toMatchObject({
        balance: before.balance,
        held: before.held,
      });
      const again = await post("/credits/consume", { amount: 5, action: "视频 🎬" }, "order-1");
      expect(again.headers.get("idempotency-replayed")).toBe("true");
      const { body: page } = await get("/credits/transactions?kind=hold");
      const captured = await post(`/credits/holds/${page.items[0].holdId}/capture`, { amount: 1 });
      expect(captured).toMatchObject({ status: 200, body: { captured: 1 } });
    });

    test("an import into a database that is not empty is refused and changes nothing", async () => {
      const before = await countRows(target.url);
      const { exitCode, stderr } = await jifen(target.url, "import", exported);
      expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringMatching(/not empty.*不是空的/) });
      expect(await countRows(target.url)).toEqual(before);
      expect((await inspectDatabase(target.url)).schema.is).toBe("current");
    });

    test("an import directly from a database, and from there into a third one, has the same rows", async () => {
      const [other, back] = [await freshDatabase(kind), await freshDatabase("sqlite")];
      // The jobs of a running server would change the source between its import and its export.
      await api.server.api.stop();
      const source = api.server.database.url;
      expect(await jifenWith({ DATABASE_URL: other.url, SOURCE_DATABASE_URL: source }, "import")).toMatchObject({
        exitCode: 0,
        stdout: expect.stringMatching(/the same.*ledger is consistent/),
      });
      expect((await jifen(back.url, "import", other.url)).exitCode).toBe(0);
      const [one, two] = [newExportFile(), newExportFile()];
      expect((await jifen(source, "export", one)).exitCode).toBe(0);
      expect((await jifen(back.url, "export", two)).exitCode).toBe(0);
      // Each import records an audit run.
      const isAudit = (line: string) => line.startsWith('["audit-');
      expect(contentOf(two).filter((line) => !isAudit(line))).toEqual(contentOf(one).filter((line) => !isAudit(line)));
      await back.drop();
      await other.drop();
    });
  });
});

// The other databases and a changed source are in transfer-interruption.slow.test.ts.
describeInterruptions("sqlite", { sources: ["a file"], changesSource: false });

describe("an interrupted export", () => {
  test("an export that was killed leaves no complete file, and the next export succeeds", {
    timeout: timeLimit(120),
  }, async () => {
    const [source, target] = [await freshDatabase("sqlite"), await freshDatabase("sqlite")];
    await createBulkEntries(source.url, { accounts: 20, each: 500 });
    const file = newExportFile();
    const command = startJifen({ DATABASE_URL: source.url }, "export", file);
    const partials = () =>
      readdirSync(dirname(file)).flatMap((name) => (name.startsWith(`${basename(file)}.partial`) ? [name] : []));
    await vi.waitUntil(() => partials().length === 1, { timeout: timeLimit(30), interval: 1 });
    await command.kill();
    const [left = ""] = partials();
    expect(existsSync(file)).toBe(false);
    expect((await jifen(target.url, "import", join(dirname(file), left))).exitCode).toBe(1);

    expect((await jifen(source.url, "export", file)).exitCode).toBe(0);
    expect([existsSync(file), partials()]).toEqual([true, [left]]);
    expect((await jifen(target.url, "import", file)).exitCode).toBe(0);
    // The import has recorded an audit run.
    expect(await countRows(target.url)).toEqual({ ...(await countRows(source.url)), audit_runs: 1 });
    await source.drop();
    await target.drop();
  });
});
