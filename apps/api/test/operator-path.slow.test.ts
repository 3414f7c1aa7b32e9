// Expected duration: 60 s on two cores.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { type Api, callRest, describeOn, emptyDatabase, type FreshDatabase, startApi } from "@jifen/testkit";
import { describeInBrowser, type Page } from "@jifen/testkit/browser";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jifen } from "./jifen-command.ts";
import { toPreviousTables } from "./previous-release.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

const admin = { email: "first@example.com", password: "tr0ub4dor-and-3" };
/** The same in every start, as an operator keeps it. */
const env = { JWT_SECRET: "a secret of at least thirty-two bytes" };

/** Balance and journal, as a client sees them. */
async function accountAt(api: Api, token: string) {
  const balance = await callRest(api.url, "GET", "/credits/balance", { token });
  const journal = await callRest(api.url, "GET", "/credits/transactions", { token });
  expect([balance.status, journal.status]).toEqual([200, 200]);
  return { balance: balance.body, journal: journal.body.items };
}

describeInBrowser("the path of an operator", (getBrowser) => {
  const folder = createTemporaryFolder();
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  describe.each(["sqlite", "postgresql"] as const)("on %s", (kind) => {
    describeOn(kind)("from the first start to an upgrade", () => {
      const file = join(folder, `${kind}.tar`);
      let database: FreshDatabase;
      let restored: FreshDatabase;
      let page: Page;
      let token = "";
      let before: Awaited<ReturnType<typeof accountAt>>;
      let audited: { readonly accounts: number; readonly transactions: number };

      beforeAll(async () => {
        [database, restored] = [await emptyDatabase(kind), await emptyDatabase(kind)];
        page = await getBrowser().newPage({ locale: "en-US" });
        page.setDefaultTimeout(timeLimit(30));
      });
      afterAll(async () => {
        await page.close();
        await database.drop();
        await restored.drop();
      });
      const auditOf = async ({ url }: FreshDatabase) => {
        const { exitCode, stdout } = await jifen(url, "audit", "--json");
        const { accounts, transactions, differences } = JSON.parse(stdout);
        expect({ exitCode, differences }).toEqual({ exitCode: 0, differences: [] });
        return { accounts, transactions };
      };

      test(`the first start on an empty ${kind} prints a link with which a browser makes the first admin`, async () => {
        await using api = await startApi({ databaseUrl: database.url, env });
        await page.goto(String(api.logs().find((line) => "setupLink" in line)?.["setupLink"]));
        const form = page.locator("form[name=first-admin]");
        await form.getByLabel(/e-mail/i).fill(admin.email);
        await form.getByLabel(/new password/i).fill(admin.password);
        await form.getByRole("button").last().click();
        await page.getByRole("heading", { name: "Overview" }).waitFor();

        const login = await callRest(api.url, "POST", "/auth/login", { body: admin });
        token = login.body.token;
        for (const key of ["a", "b", "c"]) {
          const sent = { token, body: { amount: 5, action: "video" }, headers: { "idempotency-key": key } };
          expect((await callRest(api.url, "POST", "/credits/consume", sent)).status).toBe(200);
        }
        const held = { token, body: { amount: 20, action: "song" } };
        expect((await callRest(api.url, "POST", "/credits/holds", held)).status).toBe(200);
        before = await accountAt(api, token);
        expect(before.balance).toMatchObject({ balance: 65, held: 20 });
        await api.stop();
        audited = await auditOf(database);
      });

      test(`a backup on ${kind} of the tables of the previous version is restored, migrated and equal`, async () => {
        const version = await toPreviousTables(kind, database);
        expect((await jifen(database.url, "migrate", "--check")).exitCode).toBe(1);
        const made = await jifen(database.url, "backup", file, "--json");
        expect({ exitCode: made.exitCode, stderr: made.stderr }).toMatchObject({ exitCode: 0 });
        expect(JSON.parse(made.stdout)).toMatchObject({
          tables: version,
          content: "dump",
          holdings: { credits: "85" },
        });

        const { exitCode, stdout, stderr } = await jifen(restored.url, "restore", file, "--json");
        expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
        expect(JSON.parse(stdout)).toMatchObject({ ok: true, audit: { differences: [], ...audited } });
        expect((await jifen(restored.url, "migrate", "--check")).exitCode).toBe(0);
        expect(await auditOf(restored)).toEqual(audited);
      });

      test.each(["upgraded", "restored"] as const)(
        `the server starts on the %s ${kind}: balances, log-ins and the password are the same`,
        async (which) => {
          const { url } = which === "upgraded" ? database : restored;
          await using api = await startApi({ databaseUrl: url, env });
          // Nothing that the client has is new: its token is the one from before.
          expect(await accountAt(api, token)).toEqual(before);
          const again = { token, body: { amount: 5, action: "video" }, headers: { "idempotency-key": "a" } };
          const replayed = await callRest(api.url, "POST", "/credits/consume", again);
          expect(replayed.headers.get("idempotency-replayed")).toBe("true");
          expect(api.logs().some((line) => "setupLink" in line)).toBe(false);

          const context = await getBrowser().newContext({ locale: "en-US" });
          const visitor = await context.newPage();
          visitor.setDefaultTimeout(timeLimit(30));
          await visitor.goto(`${api.url}/login?to=/console`);
          await visitor.getByLabel(/e-mail/i).fill(admin.email);
          await visitor
            .getByLabel(/password/i)
            .first()
            .fill(admin.password);
          await visitor.getByRole("button", { name: /log in|sign in/i }).click();
          await visitor.getByRole("heading", { name: "Overview" }).waitFor();
          await context.close();
          await api.stop();
          expect(await auditOf(which === "upgraded" ? database : restored)).toEqual(audited);
        },
      );
    });
  });
});
