// Expected duration: 60 s on two cores.
import { type Api, startApi } from "@jifen/testkit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildGuideSite, guideSites, startGuideSite } from "./guide-site.ts";
import type { Site } from "./site.ts";

const secret = "the-secret-of-the-site-0123456789abcdef";

/** A browser session: an HTTP client that keeps cookies. */
function openBrowser(site: Site, scheme: "http" | "https") {
  const cookies = new Map<string, string>();
  const open = async (path: string, form?: Record<string, string>) => {
    const response = await fetch(`${site.url}${path}`, {
      method: form ? "POST" : "GET",
      redirect: "manual",
      headers: {
        cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; "),
        "x-forwarded-proto": scheme,
      },
      ...(form && { body: new URLSearchParams(form) }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    // React separates adjacent texts with comments.
    return {
      status: response.status,
      to: response.headers.get("location"),
      text: (await response.text()).replaceAll("<!-- -->", ""),
    };
  };
  const post = async (path: string, form: Record<string, string>) => {
    const { csrfToken } = JSON.parse((await open("/api/auth/csrf")).text);
    return open(path, { ...form, csrfToken });
  };
  return {
    open,
    signIn: (email: string, image = "") => post("/api/auth/callback/credentials", { email, image }),
    signOut: () => post("/api/auth/signout", {}),
    sessionCookies: () => [...cookies.keys()].filter((name) => name.includes("session-token")),
  };
}

describe.each(guideSites)("the example site of the guide with $name", (guideSite) => {
  let api: Api;
  let site: Site;
  let userCount = 0;

  beforeAll(async () => {
    const folder = await buildGuideSite(guideSite);
    api = await startApi({ env: { AUTH_SECRET: secret, AUTHJS_AUTO_CREATE: "on" } });
    site = await startGuideSite(folder, { JIFEN_API_URL: api.url, AUTH_SECRET: secret, NEXTAUTH_SECRET: secret });
  });
  afterAll(async () => {
    await site?.[Symbol.asyncDispose]();
  });

  test("a visitor without a session is redirected to the sign-in page", async () => {
    expect(await openBrowser(site, "http").open("/credits")).toMatchObject({ status: 307, to: "/api/auth/signin" });
  });

  test.each([
    { scheme: "http", picture: "", chunks: 1 },
    { scheme: "https", picture: "", chunks: 1 },
    { scheme: "http", picture: "x".repeat(6_000), chunks: 3 },
    { scheme: "https", picture: "x".repeat(6_000), chunks: 3 },
  ] as const)("a signed-in user sees the balance over $scheme with a session of $chunks cookies", async (sign) => {
    const browser = openBrowser(site, sign.scheme);
    expect((await browser.signIn(`user-${++userCount}@example.com`, sign.picture)).status).toBe(302);
    const names = browser.sessionCookies();
    expect(names).toHaveLength(sign.chunks);
    expect(names.every((name) => name.startsWith("__Secure-") === (sign.scheme === "https"))).toBe(true);
    const { status, text } = await browser.open("/credits");
    expect({ status, showsBalance: text.includes("<p>100 credits</p>") }).toEqual({ status: 200, showsBalance: true });
    await browser.signOut();
    expect(await browser.open("/credits")).toMatchObject({ status: 307, to: "/api/auth/signin" });
  });
});
