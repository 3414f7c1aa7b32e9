import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { databaseKinds, describeOn } from "@jifen/testkit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addToBalance, changeDatabase } from "./change-database.ts";
import { jifen } from "./jifen-command.ts";
import { type ApiWithAdmin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

const TOKEN = "a-token-for-prometheus";

for (const kind of databaseKinds) {
  describeOn(kind)(`jifen audit on ${kind}`, () => {
    let api: ApiWithAdmin;
    beforeAll(async () => {
      api = await startApiWithAdmin(kind, { METRICS_TOKEN: TOKEN });
      await api.post("/credits/consume", { amount: 5, action: "video" });
      const hold = await api.post("/credits/holds", { amount: 5, action: "video" });
      await api.post(`/credits/holds/${hold.body.holdId}/capture`, { amount: 2 });
    });
    afterAll(() => api.server.stop());

    const audit = (...args: string[]) => jifen(api.server.database.url, "audit", ...args);
    const metric = async (name: string) => {
      const { body } = await api.server.call("GET", "/metrics", { token: TOKEN });
      return Number(new RegExp(`^${name} (\\S+)$`, "m").exec(body)?.[1]);
    };

    test("the audit timestamp metric is 0 before the first audit", async () => {
      expect(await metric("jifen_audit_finished_timestamp_seconds")).toBe(0);
    });

    test("an audit of consistent books exits with 0 while the server runs", async () => {
      const { exitCode, stdout } = await audit();
      expect({ exitCode, stdout }).toMatchObject({
        exitCode: 0,
        stdout: expect.stringContaining("The ledger is consistent"),
      });
      expect(await metric("jifen_audit_differences")).toBe(0);
      expect(await metric("jifen_audit_accounts")).toBe(3);
      expect(Math.abs((await metric("jifen_audit_finished_timestamp_seconds")) - Date.now() / 1_000)).toBeLessThan(60);
    });

    test("an audit that finds a difference lists it as JSON and as text and exits with 1", async () => {
      await changeDatabase(api.server.database, addToBalance(7, `user:${user.email}`));
      const asJson = await audit("--json");
      expect(asJson.exitCode).toBe(1);
      expect(JSON.parse(asJson.stdout)).toMatchObject({
        accounts: 3,
        transactions: 7,
        differences: [{ accountId: `user:${user.email}`, kind: "BALANCE_DIFFERS", expected: 93, found: 100 }],
      });
      expect((await audit()).stdout).toContain(`BALANCE_DIFFERS user:${user.email}: expected 93, found 100`);
      expect(await metric("jifen_audit_differences")).toBe(1);
    });

    test("an audit of one account takes its id or e-mail address and does not change the metric", async () => {
      expect((await audit("--account", `user:${other.email}`)).exitCode).toBe(0);
      expect((await audit("--account", ` ${user.email.toUpperCase()}`)).exitCode).toBe(1);
      expect(await metric("jifen_audit_accounts")).toBe(3);
    });

    test("an audit of an unknown account names it", async () => {
      const { exitCode, stderr } = await audit("--account", "unknown@example.com");
      expect({ exitCode, stderr }).toEqual({
        exitCode: 1,
        stderr: expect.stringContaining("user:unknown@example.com"),
      });
    });

    test("jifen audit --help prints the options", async () => {
      const help = await audit("--help");
      expect({ exitCode: help.exitCode, text: help.stdout }).toMatchObject({
        exitCode: 0,
        text: expect.stringContaining("--json"),
      });
    });

    test("GET /metrics without the token is refused with 401", async () => {
      for (const call of [{}, { token: "another" }]) {
        expect(await api.server.call("GET", "/metrics", call)).toMatchObject({
          status: 401,
          body: { code: "UNAUTHENTICATED" },
        });
      }
    });
  });
}

test("jifen audit does not create a missing database, and refuses one without accounts", async () => {
  const folder = mkdtempSync(join(tmpdir(), "jifen-audit-"));
  const missing = await jifen(`file:${join(folder, "typo.db")}`, "audit");
  expect(missing).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("typo.db"), stdout: "" });
  expect(readdirSync(folder)).toEqual([]);
  writeFileSync(join(folder, "empty.db"), "");
  const url = `file:${join(folder, "empty.db")}`;
  expect(await jifen(url, "audit")).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("jifen migrate") });
  await jifen(url, "migrate");
  expect(await jifen(url, "audit")).toMatchObject({
    exitCode: 1,
    stderr: expect.stringContaining("DATABASE_URL"),
    stdout: "",
  });
  rmSync(folder, { recursive: true });
});

test("jifen audit exits with 1 when the database cannot be reached", async () => {
  const { exitCode, stderr } = await jifen("postgresql://someone@127.0.0.1:1/none", "audit");
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("DATABASE_URL") });
});
