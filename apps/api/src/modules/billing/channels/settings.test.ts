import { generateKeyPairSync } from "node:crypto";
import { describe, expect, test } from "vitest";
import { InvalidSettings, parseSettings } from "../../../settings/settings.ts";

const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const stripe = { STRIPE_SECRET_KEY: "sk_test_abc", STRIPE_WEBHOOK_SECRET: "whsec_a, whsec_b" };
const epay = { EPAY_URL: "https://pay.example.com/", EPAY_PID: "1001", EPAY_KEY: "a-long-enough-key" };
const alipay = {
  ALIPAY_APP_ID: "2021000000000001",
  ALIPAY_PRIVATE_KEY: privateKey.export({ type: "pkcs8", format: "der" }).toString("base64"),
  ALIPAY_PUBLIC_KEY: publicKey.export({ type: "spki", format: "der" }).toString("base64"),
};

const wechatpay = {
  WECHATPAY_MCH_ID: "1900000001",
  WECHATPAY_APP_ID: "wx0000000000000001",
  WECHATPAY_CERT_SERIAL: "7B00000000000000000000000000000000000001",
  WECHATPAY_PRIVATE_KEY: alipay.ALIPAY_PRIVATE_KEY,
  WECHATPAY_API_V3_KEY: "0123456789abcdef0123456789abcdef",
  WECHATPAY_PUBLIC_KEY_ID: "PUB_KEY_ID_01",
  WECHATPAY_PUBLIC_KEY: alipay.ALIPAY_PUBLIC_KEY,
};

const parse = (env: Record<string, string>, files: Record<string, string> = {}) =>
  parseSettings({ env, workingDirectory: "/srv/jifen", readFile: (path) => files[path] ?? "" });

const errorOf = (env: Record<string, string>): string => {
  try {
    parse(env);
    return "";
  } catch (error) {
    if (error instanceof InvalidSettings) return error.message;
    throw error;
  }
};

describe("settings of payment channels", () => {
  test("a channel without settings is off", () => {
    const off = { stripe: undefined, alipay: undefined, wechatpay: undefined, epay: undefined, isDemoOn: false };
    expect(parse({})).toMatchObject(off);
    expect(parse({ PAY_DEMO: "on" })).toMatchObject({ ...off, isDemoOn: true });
  });

  test("a channel with its required settings is on, with defaults for the others", () => {
    expect(parse({ ...stripe, ...alipay, ...wechatpay, ...epay })).toMatchObject({
      stripe: { webhookSecrets: ["whsec_a", "whsec_b"], currencies: ["USD"], hasTax: false, apiUrl: undefined },
      alipay: { appId: "2021000000000001", methods: ["qr", "page", "wap"], sellerId: undefined },
      wechatpay: { mchId: "1900000001", publicKey: { id: "PUB_KEY_ID_01" }, platformCerts: undefined },
      epay: { types: ["alipay", "wxpay"], mode: "redirect", isConfirmed: true, canRefund: false },
    });
  });

  test.each([...Object.keys(stripe), ...Object.keys(alipay), ...Object.keys(epay)])(
    "a channel without %s stops the start, which names it",
    (name) => {
      const env: Record<string, string> = { ...stripe, ...alipay, ...epay };
      delete env[name];
      expect(errorOf(env)).toContain(`${name} is missing`);
    },
  );

  test("one required setting stops the start with the list of all that is missing", () => {
    const error = errorOf({ ALIPAY_APP_ID: alipay.ALIPAY_APP_ID });
    expect(error).toContain("ALIPAY_PRIVATE_KEY is missing");
    expect(error).toContain("ALIPAY_PUBLIC_KEY is missing");
  });

  test("a secret of a channel is read from its file", () => {
    const { STRIPE_SECRET_KEY: key, ...others } = stripe;
    const settings = parse({ ...others, STRIPE_SECRET_KEY_FILE: "/run/key" }, { "/run/key": `${key}\n` });
    expect(settings.stripe?.secretKey).toBe(key);
  });

  test("WeChat Pay needs its public key with an id, or platform certificates", () => {
    const { WECHATPAY_PUBLIC_KEY_ID: id, WECHATPAY_PUBLIC_KEY: key, ...others } = wechatpay;
    expect(errorOf(others)).toContain("or WECHATPAY_PLATFORM_CERTS, is missing");
    expect(errorOf({ ...others, WECHATPAY_PUBLIC_KEY: key })).toContain("belong together");
    expect(errorOf({ ...others, WECHATPAY_PUBLIC_KEY_ID: id })).toContain("belong together");
  });

  test.each(Object.keys(wechatpay).slice(0, 5))("WeChat Pay without %s stops the start, which names it", (name) => {
    const env: Record<string, string> = { ...wechatpay };
    delete env[name];
    expect(errorOf(env)).toContain(`${name} is missing`);
  });

  test.each([
    {
      env: { ...wechatpay, WECHATPAY_API_V3_KEY: "0123456789abcdef" },
      says: "WECHATPAY_API_V3_KEY must have 32 bytes",
    },
    { env: { ...wechatpay, WECHATPAY_APP_ID: "abc" }, says: "WECHATPAY_APP_ID must be wx" },
    { env: { ...wechatpay, WECHATPAY_CERT_SERIAL: "xyz" }, says: "WECHATPAY_CERT_SERIAL must be a serial number" },
    { env: { ...wechatpay, WECHATPAY_PLATFORM_CERTS: "abc" }, says: "WECHATPAY_PLATFORM_CERTS must be certificates" },
    { env: { ...stripe, STRIPE_SECRET_KEY: "pk_test_abc" }, says: "STRIPE_SECRET_KEY must begin with sk_live_" },
    { env: { ...stripe, STRIPE_WEBHOOK_SECRET: "abc" }, says: "STRIPE_WEBHOOK_SECRET must be secrets" },
    { env: { ...stripe, STRIPE_CURRENCIES: "USD,ISK" }, says: "STRIPE_CURRENCIES must be some of" },
    { env: { ...stripe, STRIPE_API_URL: "stripe" }, says: "STRIPE_API_URL must be a URL" },
    { env: { ...alipay, ALIPAY_APP_ID: "abc" }, says: "ALIPAY_APP_ID must be the digits" },
    { env: { ...alipay, ALIPAY_PRIVATE_KEY: "abc" }, says: "ALIPAY_PRIVATE_KEY must be an RSA private key" },
    { env: { ...alipay, ALIPAY_PUBLIC_KEY: "abc" }, says: "ALIPAY_PUBLIC_KEY must be an RSA public key" },
    { env: { ...alipay, ALIPAY_METHODS: "qr,face" }, says: "ALIPAY_METHODS must be some of qr, page, wap" },
    { env: { ...epay, EPAY_URL: "https://pay.example.com/v1" }, says: "EPAY_URL must not end with the version" },
    { env: { ...epay, EPAY_MODE: "form" }, says: "EPAY_MODE must be redirect or api" },
    { env: { ...epay, EPAY_TYPES: "," }, says: "EPAY_TYPES must be kinds of payment" },
  ])("$says", ({ env, says }) => {
    expect(errorOf(env)).toContain(says);
  });

  test("PAY_DEMO is a switch, and stops the start in production", () => {
    expect(errorOf({ PAY_DEMO: "yes" })).toContain("PAY_DEMO must be on or off");
    const production = { NODE_ENV: "production", JWT_SECRET: "a-secret-of-at-least-thirty-two-bytes" };
    expect(errorOf({ ...production, PAY_DEMO: "on" })).toContain("PAY_DEMO must be off with NODE_ENV=production");
    expect(errorOf({ ...production, PAY_DEMO: "off" })).toBe("");
  });

  test("an error of the settings shows no secret", () => {
    const error = errorOf({ ...stripe, ...epay, STRIPE_SECRET_KEY: "pk_secret_1", EPAY_KEY: "short 1" });
    expect(error).toContain("EPAY_KEY");
    expect(error).not.toMatch(/pk_secret_1|short 1|whsec_a/);
  });
});
