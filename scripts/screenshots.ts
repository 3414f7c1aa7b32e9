/**
 * `pnpm screenshots`: writes the pictures of the documentation to docs/images. They show the built server with the data of
 * `jifen demo`, by a clock that stands at the end of this data, so that the same sources give the same pictures.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { findChromium, launchChromium } from "@jifen/testkit/browser";
import { type Api, callRest, startServer } from "@jifen/testkit/processes";
import { PNG } from "pngjs";

/** The end of the demonstration: a Friday, late in the evening in China. */
const UNTIL = "2026-10-30T15:30:00Z";
const TIME_ZONE = "Asia/Shanghai";
const TIMEOUT_MS = 120_000;
const MAX_BYTES = 150 * 1_024;
const DESKTOP = { width: 1_280, height: 800 };
const PHONE = { width: 390, height: 844 };
const languages = ["zh-CN", "en"] as const;

type Language = (typeof languages)[number];
type Account = { readonly email: string; readonly role: string; readonly password: string };
type Browser = Awaited<ReturnType<typeof launchChromium>>;
type Picture = {
  readonly name: string;
  readonly path: string;
  readonly isDark?: boolean;
  /** What is there as soon as the data of the page is. Default: a row of a table. */
  readonly shows?: string;
};

const root = fileURLToPath(new URL("..", import.meta.url));
const offsetMs = Date.parse(UNTIL) - Date.now();
const clock = { CLOCK_OFFSET_MS: String(offsetMs) };
const shiftedClock = `--import=${new URL("shifted-clock.ts", import.meta.url)}`;

function stop(problem: string): never {
  console.error(problem);
  process.exit(1);
}

function requireChineseFont(): void {
  const fonts = execFileSync("fc-list", [":lang=zh", "family"], { encoding: "utf8" });
  if (fonts.trim() === "")
    stop("No font with Chinese characters was found. Install one: apt install fonts-wqy-microhei");
}

/** Fills a new SQLite database. @returns who can log in */
function makeDemo(folder: string): readonly Account[] {
  const command = join(root, "apps/api/dist/cli/main.js");
  const env = { PATH: process.env["PATH"], DATA_DIR: folder, ...clock };
  const args = [shiftedClock, command, "demo", "--seed", "1", "--until", UNTIL, "--json"];
  return JSON.parse(execFileSync(process.execPath, args, { env, encoding: "utf8" })).accounts;
}

/** The pages that the operator sees. */
async function operatorPictures(api: Api, { email, password }: Account, customer: string): Promise<readonly Picture[]> {
  const { body } = await callRest(api.url, "POST", "/auth/login", { body: { email, password } });
  const get = async (path: string) => (await callRest(api.url, "GET", path, { token: body.token })).body;
  await callRest(api.url, "POST", "/admin/system/audits", { token: body.token });
  const charges = await get(`/admin/users/${customer}/transactions?kind=capture&limit=50`);
  const orders = await get(`/admin/orders?userId=${customer}&state=credited&limit=1`);
  return [
    { name: "overview", path: "/console/" },
    { name: "users", path: "/console/users" },
    { name: "user", path: `/console/users/${customer}` },
    { name: "explain", path: `/console/transactions/${charges.items[0].transactionId}` },
    { name: "logs", path: "/console/logs" },
    { name: "orders", path: "/console/orders" },
    { name: "order", path: `/console/orders/${orders.items[0].orderId}`, isDark: true, shows: "details:visible" },
    { name: "prices", path: "/console/prices" },
    { name: "codes", path: "/console/codes" },
    { name: "system", path: "/console/system", isDark: true },
  ];
}

/** The pages that a customer sees on a phone. */
const customerPictures: readonly Picture[] = [
  { name: "account", path: "/account" },
  { name: "top-up", path: "/account/topup", shows: "input[type=radio]" },
];

/** The same picture in a quarter fewer bytes: for text on an even ground, filters of lines do harm. */
const compress = (picture: Buffer): Buffer =>
  PNG.sync.write(PNG.sync.read(picture), { colorType: 2, filterType: 0, deflateLevel: 9, deflateStrategy: 0 });

type Visit = {
  readonly url: string;
  readonly account: Account;
  readonly language: Language;
  readonly viewport: typeof DESKTOP;
};

/** Logs in and takes pictures. */
async function takePictures(browser: Browser, visit: Visit, pictures: readonly Picture[]): Promise<void> {
  const { url, account, language, viewport } = visit;
  const context = await browser.newContext({
    locale: language,
    timezoneId: TIME_ZONE,
    viewport,
    reducedMotion: "reduce",
  });
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  await page.goto(`${url}/login?to=/account`);
  await page.locator("input[name=email]").fill(account.email);
  await page.locator("input[name=password]").fill(account.password);
  await page.locator("input[name=password]").press("Enter");
  await page.waitForURL((address) => address.pathname.startsWith("/account"));
  for (const { name, path, isDark, shows = "[data-row]:visible" } of pictures) {
    await page.emulateMedia({ colorScheme: isDark ? "dark" : "light" });
    await page.clock.setFixedTime(Date.now() + offsetMs);
    await page.goto(`${url}${path}`);
    await page.locator(shows).first().waitFor();
    await page.waitForLoadState("networkidle");
    await page.locator("tr[aria-hidden]").first().waitFor({ state: "detached" });
    const file = join(root, "docs/images", language, `${name}.png`);
    const picture = compress(await page.screenshot({ animations: "disabled", caret: "hide" }));
    writeFileSync(file, picture);
    console.log(`${file} ${Math.ceil(picture.length / 1_024)} KB`);
    if (picture.length > MAX_BYTES) stop(`${file} is larger than ${MAX_BYTES} bytes.`);
  }
  await context.close();
}

requireChineseFont();
const executablePath = findChromium() ?? stop("Chromium was not found: install it or set CHROMIUM_PATH.");
const folder = mkdtempSync(join(tmpdir(), "jifen-screenshots-"));
const accounts = makeDemo(folder);
const accountOf = (role: string) => accounts.find((each) => each.role === role) ?? stop(`There is no ${role}.`);
const [admin, customer] = [accountOf("admin"), accountOf("user")];
const env = { PORT: "3001", DATA_DIR: folder, PAY_DEMO: "on", ...clock };
const api = await startServer({ env, nodeOptions: [shiftedClock] });
const browser = await launchChromium(executablePath);
try {
  const operator = await operatorPictures(api, admin, customer.email);
  for (const language of languages) {
    mkdirSync(join(root, "docs/images", language), { recursive: true });
    await takePictures(browser, { url: api.url, account: admin, language, viewport: DESKTOP }, operator);
    await takePictures(browser, { url: api.url, account: customer, language, viewport: PHONE }, customerPictures);
  }
} finally {
  await browser.close();
  await api.stop();
  rmSync(folder, { recursive: true, force: true });
}
