import { readFileSync } from "node:fs";
import { type Api, callRest, type FreshDatabase, freePort, freshDatabase, startApi } from "@jifen/testkit";
import type { Page } from "@jifen/testkit/browser";
import { hasNginx, type OwnNginx, startNginx } from "@jifen/testkit/processes";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, describe, expect, test } from "vitest";
import { openLive } from "../../api/test/open-live.ts";
import { describeConsole, emailOf } from "./console-browser.ts";

const isMissing = !hasNginx() && !process.env["CI"];
if (isMissing) console.warn("SKIPPED: the console behind a proxy needs nginx (apt-get install nginx-light).");

const lin = emailOf("lin");
const PREFIX = "/jifen";
let database: FreshDatabase;
let nginx: OwnNginx;
let servers: readonly Api[] = [];

describe.skipIf(isMissing)("behind nginx", () => {
  describeConsole(
    "the console of two servers on one PostgreSQL, in turns, below /jifen",
    (getConsole) => {
      afterAll(async () => {
        await nginx?.[Symbol.asyncDispose]();
        await database?.drop();
      });
      const balance = async () => (await getConsole().rest("lin", ["GET", "/credits/balance"]))["balance"] as number;
      const give = async (page: Page, amount: number) => {
        await page.getByRole("button", { name: "Give credits" }).click();
        const dialog = page.getByRole("dialog");
        await dialog.getByLabel("Credits", { exact: true }).fill(String(amount));
        await dialog.getByLabel("Reason").fill("a present");
        await dialog.getByRole("button", { name: `Give ${amount} credits` }).click();
        return dialog;
      };

      test("a deep link leads through the log-in, survives a reload, and the cookie is sent below the path alone", async () => {
        const { open, url } = getConsole();
        const page = await open("finance", `/console/users/${lin}?tab=grants`, { isLoggedOut: true });
        await page.waitForURL(`${url}/login?to=*`);
        await page.locator("input[name=email]").fill(emailOf("finance"));
        await page.locator("input[name=password]").fill("password-of-finance");
        await page.locator("input[name=password]").press("Enter");
        await page.waitForURL(`${url}/console/users/*?tab=grants`);
        await page.reload();
        await page.getByRole("heading", { level: 1, name: lin }).waitFor();
        expect(await page.context().cookies()).toMatchObject([
          { name: "jifen_session", path: PREFIX, httpOnly: true, sameSite: "Strict" },
        ]);
      });

      test("credits whose answer was lost are given once, when another server may answer the second time", async () => {
        const before = await balance();
        const page = await getConsole().open("finance", `/console/users/${lin}`);
        let losses = 1;
        await page.route("**/trpc/admin.grant*", async (route) => {
          if (losses === 0) return route.fallback();
          losses -= 1;
          await route.fetch();
          return route.abort("connectionreset");
        });
        const dialog = await give(page, 8);
        const again = dialog.getByRole("button", { name: "Try again" }).and(page.locator(":not([aria-busy])"));
        const done = page.getByRole("status").filter({ hasText: "Gave" });
        // The client may have sent it again by itself.
        await again.or(done).first().waitFor();
        if (await again.isVisible()) await again.click();
        await done.waitFor();
        expect({ losses, balance: await balance() }).toEqual({ losses: 0, balance: before + 8 });
        await page.getByRole("row").filter({ hasText: "a present" }).waitFor();
      });

      test("an export is downloaded, and the live stream arrives through the proxy while it is open", async () => {
        const { rest, open, url } = getConsole();
        const page = await open("support", "/console/logs?action=exported");
        const credentials = { email: lin, password: "password-of-lin" };
        const { body } = await callRest(url, "POST", "/auth/login", { body: credentials });
        const stream = await openLive(url, { token: body.token });
        const timestamp = new Date().toISOString();
        const log = { userId: lin, action: "exported", details: {}, success: true, timestamp };
        const { logId } = await rest("lin", ["POST", "/logs/create", log]);
        await expect.poll(() => stream.events("log").map(({ data }) => data["logId"])).toContain(logId);
        stream.close();
        const saving = page.waitForEvent("download");
        await page.getByRole("button", { name: "Export: CSV file" }).click();
        const saved = await saving;
        expect(readFileSync(await saved.path(), "utf8")).toContain(",exported,");
        expect(saved.url().startsWith(`${url}/`)).toBe(true);
      });

      test("a changed role counts at both servers within five seconds", async () => {
        const page = await getConsole().open("lin", "/account");
        const change = { role: "support", reason: "test" };
        await getConsole().rest("admin", ["POST", `/admin/users/${lin}/role`, change]);
        const roles = async () =>
          page.evaluate(async () => {
            const read = () => fetch("session", { headers: { "x-jifen-session": "1" } }).then((each) => each.json());
            const states = [await read(), await read(), await read(), await read()];
            return [...new Set(states.map(({ session }) => session?.role))];
          });
        await expect.poll(roles, { timeout: timeLimit(8) }).toEqual(["support"]);
        await page.goto(`${getConsole().url}/console/users`);
        await page.getByRole("heading", { level: 1, name: "Users" }).waitFor();
      });

      test("a log-out ends the session at both servers, and the page leads to the log-in", async () => {
        const page = await getConsole().open("support", "/console");
        const [cookie] = await page.context().cookies();
        const sessions = () =>
          Promise.all(
            servers.map(async ({ url }) => {
              const headers = { cookie: `${cookie?.name}=${cookie?.value}`, "x-jifen-session": "1" };
              return ((await (await fetch(`${url}/session`, { headers })).json()) as { session: object | null })
                .session;
            }),
          );
        expect(await sessions()).toMatchObject([{ role: "support" }, { role: "support" }]);
        await page.locator("summary[aria-label^='Account menu']").click();
        await page.getByRole("button", { name: "Log out" }).click();
        await page.waitForURL(`${getConsole().url}/login*`);
        await expect.poll(sessions, { timeout: timeLimit(5) }).toEqual([null, null]);
        expect(await page.context().cookies()).toEqual([]);
        expect(getConsole().faults).toEqual([]);
      });
    },
    async (env) => {
      database = await freshDatabase("postgresql");
      const ports = [await freePort(), await freePort()] as const;
      nginx = await startNginx(ports, PREFIX);
      const url = `${nginx.url}${PREFIX}`;
      const secrets = { JWT_SECRET: "secret-of-both-servers-".repeat(2) };
      const settings = { ...env, ...secrets, PUBLIC_URL: url, TRUST_PROXY: "loopback" };
      const start = (port: number, its: Readonly<Record<string, string>>) =>
        startApi({ databaseUrl: database.url, env: { ...its, PORT: String(port) } });
      const first = await start(ports[0], settings);
      // The users are there by now.
      const second = await start(ports[1], { ...settings, USER_WHITELIST: "" });
      servers = [first, second];
      return { api: first, url };
    },
  );
});
