import { callRest, startApi } from "@jifen/testkit";
import {
  accessibilityViolations,
  type Browser,
  describeInBrowser,
  layoutFlaws,
  type Page,
} from "@jifen/testkit/browser";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Mailbox, startMailbox, textOf } from "./mailbox.ts";
import { type ApiWithAdmin, admin, startApiWithAdmin } from "./start-api-with-admin.ts";
import { user } from "./start-server.ts";

type Options = Parameters<Browser["newContext"]>[0];

const newPassword = "tr0ub4dor-and-3";
const narrow = { viewport: { width: 320, height: 640 } };

describeInBrowser("the sign-in pages", (getBrowser) => {
  let mailbox: Mailbox;
  let api: ApiWithAdmin;
  beforeAll(async () => {
    mailbox = await startMailbox();
    api = await startApiWithAdmin("sqlite", {
      ...{ SMTP_URL: mailbox.url, MAIL_FROM: "jifen@example.com", REGISTRATION: "open" },
    });
  });
  afterAll(async () => {
    await api?.server.stop();
    await mailbox?.close();
  });

  /** Opens a page, and collects what its policy blocks and what its console says. */
  const open = async (url: string, options: Options = {}) => {
    const context = await getBrowser().newContext({ locale: "en-US", ...options });
    const page = await context.newPage();
    page.setDefaultTimeout(timeLimit(15));
    const problems: string[] = [];
    const requested: string[] = [];
    page.on("console", (message) => {
      if (/Content Security Policy|Refused to/.test(message.text())) problems.push(message.text());
    });
    page.on("request", (request) => void requested.push(request.url()));
    await page.goto(url);
    return { page, context, problems, requested };
  };
  /** The link in the e-mail to this address. */
  const linkIn = async (email: string) => {
    const sent = () => mailbox.received.find(({ to }) => to.includes(email));
    const mail = await vi.waitUntil(sent, { timeout: timeLimit(10) });
    return /http\S+\/link#\S+/.exec(textOf(mail))?.[0] ?? "";
  };
  const logIn = async (page: Page, { email, password }: { email: string; password: string }) => {
    await page.locator("input[name=email]").fill(email);
    await page.locator("input[name=password]").fill(password);
    await page.locator("button").click();
  };
  const setPassword = async (page: Page) => {
    await page.locator("form:not([hidden]) input[name=newPassword]").fill(newPassword);
    await page.locator("form:not([hidden]) button").click();
  };

  describe.each([
    { path: "/login", zh: "登录 · Jifen 积分", en: "Log in · Jifen 积分" },
    { path: "/register", zh: "注册 · Jifen 积分", en: "Register · Jifen 积分" },
    { path: "/forgot", zh: "重置密码 · Jifen 积分", en: "Reset your password · Jifen 积分" },
    { path: "/link", zh: "一次性链接 · Jifen 积分", en: "One-time link · Jifen 积分" },
  ])("$path", ({ path, ...titles }) => {
    test.each([
      { language: "zh", locale: "zh-CN", colorScheme: "light" },
      { language: "en", locale: "en-US", colorScheme: "dark" },
    ] as const)(
      `${path} in $language and $colorScheme has its title, fits into 320 pixels, and axe finds nothing`,
      async ({ language, locale, colorScheme }) => {
        const { page, context, problems, requested } = await open(`${api.server.api.url}${path}`, {
          ...narrow,
          ...{ locale, colorScheme },
        });
        expect(await page.title()).toBe(titles[language]);
        expect(await page.locator("html").getAttribute("lang")).toBe(language === "en" ? "en" : "zh-CN");
        expect(await layoutFlaws(page)).toEqual({ shift: 0, overflow: 0 });
        expect(problems).toEqual([]);
        expect(requested.every((url) => url.startsWith(`${api.server.api.url}/`))).toBe(true);
        expect(await accessibilityViolations(page, "every")).toEqual([]);
        await context.close();
      },
    );
  });

  test("/login runs no script, has less than 10 KB, may not be framed or cached, and follows the theme of the cookie", async () => {
    const response = await fetch(`${api.server.api.url}/login`, { headers: { cookie: "jifen_theme=dark" } });
    const page = await response.text();
    expect(page).not.toMatch(/<script|javascript:| on[a-z]+=/);
    expect(Buffer.byteLength(page)).toBeLessThan(10_240);
    expect(page).toContain('data-theme="dark"');
    const policy = response.headers.get("content-security-policy");
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/=]+'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(response.headers.get("x-frame-options")).toBe("DENY");
    expect(response.headers.get("cache-control")).toBe("no-store");
    expect(response.headers.get("referrer-policy")).toBe("same-origin");
  });

  test("a log-in works without JavaScript, after a wrong password that is shown at its field", async () => {
    const { page, context } = await open(`${api.server.api.url}/login?to=/console/users`, { javaScriptEnabled: false });
    await logIn(page, { ...admin, password: "wrong" });
    const field = page.getByLabel("Password");
    expect(await field.getAttribute("aria-invalid")).toBe("true");
    expect(await page.locator("#password-error").textContent()).toContain("Wrong e-mail address or password");
    expect(await page.getByLabel("E-mail address").inputValue()).toBe(admin.email);
    await field.fill(admin.password);
    await field.press("Enter");
    await page.waitForURL(`${api.server.api.url}/console/users`);
    expect(await context.cookies()).toMatchObject([
      { name: "jifen_session", httpOnly: true, sameSite: "Strict", path: "/", secure: false },
    ]);
    await context.close();
  });

  test("the language link changes the language of this and of the next page, and keeps where the log-in leads", async () => {
    const { page, context } = await open(`${api.server.api.url}/login?to=/account/keys`, { javaScriptEnabled: false });
    await page.getByRole("link", { name: "中文" }).click();
    await page.getByRole("heading", { name: "登录" }).waitFor();
    expect(page.url()).toBe(`${api.server.api.url}/login?to=%2Faccount%2Fkeys`);
    await page.goto(`${api.server.api.url}/forgot`);
    await page.getByRole("heading", { name: "重置密码" }).waitFor();
    expect(await context.cookies()).toMatchObject([
      { name: "jifen_language", value: "zh", httpOnly: false, sameSite: "Lax" },
    ]);
    await context.close();
  });

  test("a registration by its pages ends logged in on the account pages", async () => {
    const { page, context } = await open(`${api.server.api.url}/login`);
    await page.getByRole("link", { name: "Create an account" }).click();
    await page.getByLabel("E-mail address").fill("not an address");
    await page.getByRole("button").click();
    expect(await page.getByLabel("E-mail address").getAttribute("aria-invalid")).toBe("true");
    await page.getByLabel("E-mail address").fill("new@example.com");
    await page.getByRole("button").click();
    await page.getByRole("status").filter({ hasText: "new@example.com" }).waitFor();
    await page.goto(await linkIn("new@example.com"));
    await setPassword(page);
    await page.waitForURL(`${api.server.api.url}/account`);
    const session = await page.evaluate(async () =>
      (await fetch("/session", { headers: { "x-jifen-session": "1" } })).json(),
    );
    expect(session).toMatchObject({ session: { userId: "new@example.com", role: "user" } });
    await context.close();
  });

  test("a forgotten password: the answer is the same for an unknown address, and the link ends logged in", async () => {
    const { page, context } = await open(`${api.server.api.url}/forgot`);
    const answerTo = async (email: string) => {
      await page.goto(`${api.server.api.url}/forgot`);
      await page.getByLabel("E-mail address").fill(email);
      await page.getByRole("button").click();
      return (await page.getByRole("status").textContent())?.replace(email, "");
    };
    expect(await answerTo("ghost@example.com")).toBe(await answerTo(user.email));
    await page.goto(await linkIn(user.email));
    await page.getByRole("heading", { name: "Set password" }).waitFor();
    await setPassword(page);
    await page.waitForURL(`${api.server.api.url}/account`);
    await context.close();
  });

  test("the link page reports an expired link and an incomplete link, and keeps the secret when the language changes", async () => {
    const hash = `#password.YUBiLmM.${"A".repeat(43)}`;
    const { page, context } = await open(`${api.server.api.url}/link${hash}`);
    await setPassword(page);
    await page.getByRole("status").filter({ hasText: "request a new one" }).waitFor();
    await page.getByRole("link", { name: "中文" }).click();
    await page.getByRole("heading", { name: "设置密码" }).waitFor();
    expect(new URL(page.url()).hash).toBe(hash);
    await page.goto(`${api.server.api.url}/forgot`);
    await page.goto(`${api.server.api.url}/link`);
    await page.getByRole("status").filter({ hasText: "链接不完整" }).waitFor();
    await context.close();
  });

  test("the setup link creates the first admin, shows validation errors, ends logged in, and never sends its secret in a URL", async () => {
    await using started = await startApi();
    const link = new URL(String(started.logs().find((line) => "setupLink" in line)?.["setupLink"]));
    const { page, context, requested, problems } = await open(`${started.url}/link${link.hash}`, {
      ...narrow,
      locale: "zh-CN",
    });
    await page.getByRole("heading", { name: "创建管理员" }).waitFor();
    expect(await accessibilityViolations(page, "every")).toEqual([]);
    await page.getByLabel("邮箱").fill("boss@example.com");
    await page.locator("form:not([hidden]) input[name=newPassword]").fill("1234567890");
    await page.getByRole("button", { name: "创建管理员" }).click();
    await page.getByRole("alert").filter({ hasText: "常见密码" }).waitFor();
    expect(await page.locator("form:not([hidden]) input[name=newPassword]").getAttribute("aria-invalid")).toBe("true");
    expect(await accessibilityViolations(page, "every")).toEqual([]);
    await setPassword(page);
    await page.waitForURL(`${started.url}/console`);
    const body = { email: "boss@example.com", password: newPassword };
    expect((await callRest(started.url, "POST", "/auth/login", { body })).status).toBe(200);
    expect(requested.join(" ")).not.toContain(link.hash.slice("#first-admin.".length));
    expect(problems).toEqual([]);
    await context.close();
  });

  test("a server without e-mail says who gives a link, and one without an admin says how to create one", async () => {
    await using started = await startApi();
    const { page, context } = await open(`${started.url}/login`);
    expect(await page.locator(".links").textContent()).toMatch(/no admin yet[\s\S]*Ask an admin for a link/);
    expect(await page.getByRole("link", { name: /Create an account|Forgot/ }).count()).toBe(0);
    for (const path of ["/register", "/forgot"]) {
      await page.goto(`${started.url}${path}`);
      await page.getByRole("alert").filter({ hasText: "ask an admin" }).waitFor();
    }
    await context.close();
  });
});
