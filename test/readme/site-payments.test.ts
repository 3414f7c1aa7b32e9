import { createCipheriv, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { type Api, callRest, startApi } from "../../packages/testkit/src/index.ts";
import { read, root } from "../tidy/sources.ts";

const gateways = createRequire(join(root, "packages/gateways/package.json"));
const modules: Readonly<Record<string, string>> = {
  '"@jifen/client"': pathToFileURL(join(root, "packages/client/dist/index.js")).href,
  '"stripe"': pathToFileURL(gateways.resolve("stripe")).href,
};
const admin = { email: "me@example.com", password: "choose-a-password" };
const user = "user_2abC";
const apiV3Key = "k".repeat(32);
const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2_048 });

/** What the test uses of the SDK, which signs notices as Stripe does. */
type StripeModule = {
  readonly default: new (
    key: string,
  ) => {
    readonly webhooks: { generateTestHeaderString(of: { readonly payload: string; readonly secret: string }): string };
  };
};

type Route = { readonly POST: (request: Request) => Promise<Response> };

/** The route handlers that a guide shows, in its order: of Stripe and of WeChat Pay. */
async function routesOf(guide: string, folder: string): Promise<readonly Route[]> {
  const blocks = [...read(guide).matchAll(/^```ts\n([\s\S]*?)^```$/gm)].map(([, code = ""]) => code);
  return Promise.all(
    blocks.map((code, at) => {
      const file = join(folder, `route-${at}.ts`);
      writeFileSync(
        file,
        Object.entries(modules).reduce((text, [name, url]) => text.replace(name, `"${url}"`), code),
      );
      return import(/* @vite-ignore */ pathToFileURL(file).href) as Promise<Route>;
    }),
  );
}

describe.each(["docs/guides/site-payments.md", "docs/guides/site-payments.zh-CN.md"])("the webhooks in %s", (guide) => {
  const folder = mkdtempSync(join(tmpdir(), "jifen-site-"));
  let api: Api;
  let stripe: Route;
  let wechatpay: Route;
  let token: string;
  beforeAll(async () => {
    const env = { USER_WHITELIST: `${admin.email}:${admin.password}`, ADMIN_EMAILS: admin.email, INITIAL_CREDITS: "0" };
    api = await startApi({ env });
    token = (await callRest(api.url, "POST", "/auth/login", { body: admin })).body.token;
    const body = { name: "webhook", scopes: ["credits:grant", "act-as", "users:write"], grantLimitPerDay: 1_000 };
    const created = await callRest(api.url, "POST", "/keys", { token, body });
    vi.stubEnv("JIFEN_API_URL", api.url);
    vi.stubEnv("JIFEN_GRANT_KEY", created.body.key);
    vi.stubEnv("STRIPE_SECRET_KEY", "sk_test_x");
    vi.stubEnv("STRIPE_WEBHOOK_SECRET", "whsec_test");
    vi.stubEnv("WECHATPAY_API_V3_KEY", apiV3Key);
    vi.stubEnv("WECHATPAY_PUBLIC_KEY", publicKey.export({ type: "spki", format: "pem" }).toString());
    const [first, second] = await routesOf(guide, folder);
    if (first === undefined || second === undefined) throw new Error("the guide shows no routes");
    [stripe, wechatpay] = [first, second];
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    rmSync(folder, { recursive: true, force: true });
    await api?.stop();
  });
  const balance = async () =>
    (await callRest(api.url, "GET", `/admin/users/${user}?with=balance`, { token })).body.balance;

  test("grant what Stripe says was paid, once, and nothing for a forged notice", async () => {
    const { default: Stripe } = (await import(modules['"stripe"'] ?? "")) as StripeModule;
    const session = { id: "cs_1", client_reference_id: user, payment_status: "paid", metadata: { credits: "500" } };
    const payload = JSON.stringify({ type: "checkout.session.completed", object: "event", data: { object: session } });
    const signature = new Stripe("sk_test_x").webhooks.generateTestHeaderString({ payload, secret: "whsec_test" });
    const post = (body: string) =>
      stripe.POST(new Request("http://site/", { method: "POST", body, headers: { "stripe-signature": signature } }));
    expect((await post(payload.replace("500", "900"))).status).toBe(400);
    for (let sent = 0; sent < 2; sent += 1) expect((await post(payload)).status).toBe(204);
    expect(await balance()).toBe(500);
  });

  test("grant what WeChat Pay says was paid, once, and nothing for a forged notice", async () => {
    const before = (await balance()) ?? 0;
    const nonce = randomBytes(6).toString("hex");
    const cipher = createCipheriv("aes-256-gcm", apiV3Key, nonce).setAAD(Buffer.from("transaction"));
    const attach = JSON.stringify({ userId: user, credits: 300 });
    const text = JSON.stringify({ trade_state: "SUCCESS", transaction_id: "42000", attach });
    const sealed = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]).toString("base64");
    const body = JSON.stringify({ resource: { ciphertext: sealed, nonce, associated_data: "transaction" } });
    const post = (sent: string) => {
      const timestamp = `${Math.floor(Date.now() / 1_000)}`;
      const sign = createSign("RSA-SHA256").update(`${timestamp}\n${nonce}\n${body}\n`).sign(privateKey, "base64");
      const headers = { "wechatpay-timestamp": timestamp, "wechatpay-nonce": nonce, "wechatpay-signature": sign };
      return wechatpay.POST(new Request("http://site/", { method: "POST", body: sent, headers }));
    };
    expect((await post(`${body} `)).status).toBe(401);
    for (let sent = 0; sent < 2; sent += 1) expect((await post(body)).status).toBe(204);
    expect(await balance()).toBe(before + 300);
  });
});
