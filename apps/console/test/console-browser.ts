import { type Api, callRest, startApi } from "@jifen/testkit";
import { type Browser, describeInBrowser, type Page } from "@jifen/testkit/browser";
import { timeLimit } from "@jifen/testkit/time-limit";
import { beforeAll } from "vitest";

/** Who can log in on the server of a test. The name is the part before the @, and of the password. */
export type Person = "admin" | "finance" | "support" | "lin";

const emails = {
  admin: "admin@example.com",
  finance: "finance@example.com",
  support: "support@example.com",
  lin: "lin@example.com",
} as const;
const passwordOf = (person: Person) => `password-of-${person}`;

/** The address of a person. */
export const emailOf = (person: Person): string => emails[person];

type View = {
  readonly language?: "zh" | "en";
  readonly width?: number;
  readonly theme?: "light" | "dark";
  readonly isLoggedOut?: boolean;
};

/** A server whose console is tested. */
export type Served = {
  readonly api: Api;
  /** The address of its pages, without a slash at the end: that of the server, or of a proxy before it. */
  readonly url: string;
};

/** How the server of a test is started, with the settings that every one has. */
type Start = (env: Readonly<Record<string, string>>) => Promise<Served>;

/** The console of a real server in a real browser. */
export type Console = Served & {
  /** Opens a page of the server as a person who is logged in. A violation of its policy fails the test. */
  open(person: Person, path: string, view?: View): Promise<Page>;
  /** Calls the REST interface as a person. @throws Error for another status than 200 */
  rest(
    person: Person,
    call: readonly [method: "GET" | "POST", path: string, body?: object],
  ): Promise<Record<string, unknown>>;
  /** What pages did that no page may do: violations of the policy, errors, and requests to other servers. */
  readonly faults: readonly string[];
};

const TIMEOUT_MS = timeLimit(20);

const startOnSqlite: Start = async (env) => {
  const api = await startApi({ env });
  return { api, url: api.url };
};

/** Declares tests of the console, which share a server and a browser. */
export function describeConsole(
  title: string,
  tests: (getConsole: () => Console) => void,
  start: Start = startOnSqlite,
): void {
  describeInBrowser(title, (getBrowser) => {
    let started: Console;
    beforeAll(async () => {
      const whitelist = Object.keys(emails).map(
        (person) => `${emails[person as Person]}:${passwordOf(person as Person)}`,
      );
      const env = {
        USER_WHITELIST: whitelist.join(","),
        ADMIN_EMAILS: emails.admin,
        INITIAL_CREDITS: "100",
        RATE_LIMIT_LOGIN: "off",
      };
      started = createConsole(await start(env), getBrowser());
      for (const role of ["finance", "support"] as const) {
        await started.rest("admin", ["POST", `/admin/users/${emails[role]}/role`, { role, reason: "test" }]);
      }
    });
    tests(() => started);
  });
}

function createConsole({ api, url }: Served, browser: Browser): Console {
  const faults: string[] = [];
  const tokens = new Map<Person, string>();
  const rest: Console["rest"] = async (person, [method, path, body]) => {
    if (!tokens.has(person)) {
      const credentials = { email: emails[person], password: passwordOf(person) };
      tokens.set(person, (await callRest(url, "POST", "/auth/login", { body: credentials })).body["token"] as string);
    }
    const token = tokens.get(person);
    const answer = await callRest(url, method, path, {
      ...(token !== undefined && { token }),
      ...(body && { body }),
    });
    if (answer.status !== 200) throw new Error(`${method} ${path}: ${JSON.stringify(answer.body)}`);
    return answer.body;
  };
  const open: Console["open"] = async (
    person,
    path,
    { language = "en", width = 1_440, theme = "light", isLoggedOut } = {},
  ) => {
    const context = await browser.newContext({
      locale: language === "zh" ? "zh-CN" : "en-US",
      viewport: { width, height: width < 600 ? 844 : 900 },
      colorScheme: theme,
    });
    const page = await context.newPage();
    page.setDefaultTimeout(TIMEOUT_MS);
    await watch(page, url, faults);
    const to = encodeURIComponent(new URL(`${url}${path}`).pathname + new URL(path, url).search);
    await page.goto(`${url}${isLoggedOut ? path : `/login?to=${to}`}`);
    if (isLoggedOut) return page;
    await page.locator("input[name=email]").fill(emails[person]);
    await page.locator("input[name=password]").fill(passwordOf(person));
    await page.locator("input[name=password]").press("Enter");
    await page.waitForURL((url) => !url.pathname.endsWith("/login"));
    await page.locator("h1").waitFor();
    return page;
  };
  return { api, url, open, rest, faults };
}

/** Records what a page of the console must not do. */
async function watch(page: Page, url: string, faults: string[]): Promise<void> {
  await page.addInitScript(() => {
    addEventListener("securitypolicyviolation", (event) => {
      console.error(`violation of ${event.violatedDirective} by ${event.blockedURI} at ${event.sourceFile}`);
    });
  });
  page.on("console", (message) => {
    if (message.text().startsWith("violation of")) faults.push(`${page.url()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`${page.url()}: ${error.message}`));
  page.on("request", (request) => {
    if (!request.url().startsWith(url) && !request.url().startsWith("data:")) faults.push(`requested ${request.url()}`);
  });
}
