// Expected duration: 150 s on two cores.
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Api, callRest, shownFiles, startApi } from "@jifen/testkit";
import { describeInBrowser, layoutFlaws } from "@jifen/testkit/browser";
import { timeLimit } from "@jifen/testkit/time-limit";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { writeFiles } from "./create-site.ts";
import { newNextSite } from "./new-next-site.ts";
import { buildNext, type Site, startNext } from "./site.ts";

const SITE_TIMEOUT_MS = timeLimit(300);
const user = { email: "user@example.com", password: "password123" };

const read = (path: string) => readFileSync(fileURLToPath(new URL(`../../../${path}`, import.meta.url)), "utf8");

/** What the guides leave to the site: its model, and where it shows components that it has copied. */
const filesOfSite: readonly (readonly [string, string])[] = [
  ["lib/video.ts", "export const makeVideo = async (prompt: string) => 'A video of ' + prompt;\n"],
  [
    "app/account/page.tsx",
    `import { JifenProvider } from "@jifen/client/react";
import { Suspense } from "react";
import { BalanceCard } from "@/components/balance-card";
import { UsageTable } from "@/components/usage-table";
import { requireUser } from "@/lib/jifen";

export default function Page() {
  return <Suspense><Account /></Suspense>;
}

async function Account() {
  const { userId } = await requireUser();
  return <JifenProvider userId={userId} language="en"><BalanceCard /><UsageTable /></JifenProvider>;
}
`,
  ],
];

/** Creates a new site and does what the README of the client and the guide of React say. @returns its folder */
async function createSite(serverUrl: string): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "jifen-site-"));
  const npm = (...args: readonly string[]) =>
    promisify(execFile)("npm", [...args, "--prefer-offline", "--no-audit", "--no-fund"], { cwd: folder });
  writeFiles(folder, Object.entries(newNextSite));
  await npm("install");
  await npm("install", `${serverUrl}/client.tgz`);
  await npm("install", "@tanstack/react-query", "uqr");
  writeFiles(folder, [
    ...shownFiles(read("packages/client/README.md")),
    ...shownFiles(read("docs/guides/react.md")),
    ...filesOfSite,
    ["app/globals.css", `${newNextSite["app/globals.css"]}`.replace("\n", '\n@import "./theme.css";\n')],
  ]);
  const packed = join(folder, "node_modules/@jifen/client/components");
  cpSync(packed, join(folder, "components"), { recursive: true, filter: (path) => !path.endsWith(".css") });
  cpSync(join(packed, "theme.css"), join(folder, "app/theme.css"));
  // The address of Jifen is known when the site starts, not when an image of it is built.
  await buildNext({ folder, env: { JIFEN_API_URL: "" } });
  return folder;
}

describeInBrowser("a new Next.js site that follows the guides", (getBrowser) => {
  let api: Api;
  let folder: string;
  let site: Site;
  let context: BrowserContext;
  let page: Page;
  let token: string;
  beforeAll(async () => {
    api = await startApi({ env: { USER_WHITELIST: `${user.email}:${user.password}`, INITIAL_CREDITS: "9" } });
    folder = await createSite(api.url);
    site = await startNext({
      folder,
      command: "start",
      env: { NODE_ENV: "production", JIFEN_API_URL: api.url },
    });
    token = (await callRest(api.url, "POST", "/auth/login", { body: user })).body.token;
    context = await getBrowser().newContext();
    page = await context.newPage();
    page.setDefaultTimeout(timeLimit(30));
  }, SITE_TIMEOUT_MS);
  afterAll(async () => {
    await site?.[Symbol.asyncDispose]();
    if (folder) rmSync(folder, { recursive: true, force: true });
  });

  const balance = async () => (await callRest(api.url, "GET", "/credits/balance", { token })).body.balance;
  const generate = async (prompt: string) => {
    await page.getByLabel("Prompt").fill(prompt);
    await page.getByRole("button", { name: "Generate" }).click();
  };

  test("a visitor without a token is redirected to the login page of the site", async () => {
    await page.goto(`${site.url}/generate`);
    await page.waitForURL(`${site.url}/login`);
  });

  test("the page of the README shows the balance of the user", async () => {
    await context.addCookies([{ name: "jifen_token", value: token, url: site.url, httpOnly: true }]);
    await page.goto(`${site.url}/credits`);
    await page.getByText("9 积分").waitFor();
  });

  test("a press of the guide's button charges 5 credits on the server, and the page shows the balance that is left", async () => {
    await page.goto(`${site.url}/generate`);
    await generate("a cat");
    await page.getByText("A video of a cat").waitFor();
    await page.getByText("4 credits").waitFor();
    expect(await balance()).toBe(4);
  });

  test("a press without enough credits says so and charges nothing", async () => {
    await generate("a dog");
    await page.getByRole("alert").filter({ hasText: "5 credits are required, your balance is 4." }).waitFor();
    expect(await balance()).toBe(4);
  });

  test("the copied components show the charge, with the styles of the site", async () => {
    await page.goto(`${site.url}/account`);
    await page.getByRole("row").filter({ hasText: "video" }).filter({ hasText: "−5" }).waitFor();
    expect((await layoutFlaws(page)).overflow).toBe(0);
    const border = page.locator("[class*=rounded]").first();
    expect(await border.evaluate((element) => getComputedStyle(element).borderRadius)).not.toBe("0px");
  });
});
