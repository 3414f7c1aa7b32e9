import { describe, expect, test } from "vitest";
import { InvalidSettings, parseSettings, settingTable } from "./settings.ts";

const secret = "a-secret-of-at-least-thirty-two-bytes";

const parse = (env: Record<string, string | undefined>, files: Record<string, string> = {}) =>
  parseSettings({
    env,
    workingDirectory: "/srv/jifen",
    readFile: (path) => {
      const text = files[path];
      if (text === undefined) throw new Error("no such file");
      return text;
    },
  });

const errorOf = (env: Record<string, string | undefined>): string => {
  try {
    parse(env);
  } catch (error) {
    if (error instanceof InvalidSettings) return error.message;
    throw error;
  }
  return "";
};

describe("settings", () => {
  test.each(["CALLER", "IP", "LOGIN", "MAIL"])("RATE_LIMIT_%s parses a number in a time, and can be off", (name) => {
    const ratesWith = (value: string) => Object.entries(parse({ [`RATE_LIMIT_${name}`]: value }).rates);
    expect(ratesWith("off")).toContainEqual([name.toLowerCase(), undefined]);
    expect(ratesWith("7/2h")).toContainEqual([name.toLowerCase(), { points: 7, seconds: 7_200 }]);
  });

  test("every setting has a default in development", () => {
    expect(parse({})).toEqual({
      port: 3001,
      host: undefined,
      isConsoleOn: true,
      isProduction: false,
      frontendOrigins: ["http://localhost:3000"],
      jwtSecrets: [],
      jwtExpiresInSeconds: 604_800,
      databaseUrl: "file:/srv/jifen/data/jifen.db",
      dataDir: "/srv/jifen/data",
      autoMigrate: true,
      whitelist: [],
      initialCredits: 100,
      logRedaction: { extraNames: [] },
      logDetailsBytes: 8_192,
      logBytesPerHour: { user: 64 * 1_024 ** 2, key: 4 * 1_024 ** 3 },
      logDiskReserveBytes: 64 * 1_024 ** 2,
      logKeeping: { logsMs: undefined, detailsMs: undefined },
      timeZone: "Asia/Shanghai",
      ...{ stripe: undefined, alipay: undefined, wechatpay: undefined, epay: undefined, topUpReturnUrl: undefined },
      isDemoOn: false,
      isTestMoneyRefused: false,
      ...{ orderMs: 1_800_000, orderRate: { points: 20, seconds: 3_600 }, gatewayRate: 20 },
      isSelfGrantAllowed: false,
      returnsSurplus: false,
      suspendsDisputed: false,
      lowBalance: undefined,
      quoteMinutes: 15,
      webhookNetworks: [],
      webhookRate: { points: 10, seconds: 60 },
      webhookRetentionMs: 7_776_000_000,
      arePricesEnforced: false,
      adminEmails: new Set(),
      minPasswordLength: 10,
      consoleSessionSeconds: 43_200,
      brand: { name: "Jifen 积分", logoUrl: null, color: null, supportUrl: null },
      publicUrl: undefined,
      messageLanguage: "zh",
      rates: {
        caller: { points: 6_000_000, seconds: 60 },
        ip: { points: 30_000, seconds: 60 },
        login: { points: 60, seconds: 60 },
        mail: { points: 60, seconds: 3_600 },
        codes: { points: 10, seconds: 3_600 },
      },
      countsIn: "memory",
      redisUrl: undefined,
      trustedProxies: [],
      authJs: undefined,
      mail: undefined,
      isRegistrationOpen: false,
      hasUserKeys: false,
      createsNamedUsers: false,
      newUserRate: { points: 10_000, seconds: 86_400 },
      maxConnections: 20_000,
      maxConnectionsPerAddress: 8_192,
      logLevel: "info",
    });
  });

  test("an empty variable counts as unset", () => {
    expect(parse({ PORT: "", JWT_SECRET: "", DATABASE_URL: "" })).toEqual(parse({}));
  });

  test("a secret is read from the file that NAME_FILE names, without its last line break", () => {
    const { jwtSecrets } = parse(
      { NODE_ENV: "production", JWT_SECRET_FILE: "/run/jwt" },
      { "/run/jwt": `${secret}\n` },
    );
    expect(jwtSecrets).toEqual([secret]);
  });

  test.each([
    {
      says: "the first colon separates address and password",
      list: "a@b.co:x:y",
      entries: [{ email: "a@b.co", password: "x:y" }],
    },
    { says: "addresses are normalised", list: " A@B.CO:x", entries: [{ email: "a@b.co", password: "x" }] },
    {
      says: "commas separate entries",
      list: "a@b.co:x,c@d.co:y",
      entries: [
        { email: "a@b.co", password: "x" },
        { email: "c@d.co", password: "y" },
      ],
    },
  ])("USER_WHITELIST is parsed: $says", ({ list, entries }) => {
    expect(parse({ USER_WHITELIST: list }).whitelist).toEqual(entries);
  });

  test("LOG_REDACT_KEYS is a list of names, and LOG_REDACT=off ends redaction", () => {
    expect(parse({ LOG_REDACT_KEYS: "idCard, phone" }).logRedaction).toEqual({ extraNames: ["idCard", "phone"] });
    expect(parse({ LOG_REDACT: "off", LOG_REDACT_KEYS: "phone" }).logRedaction).toBeUndefined();
    expect(errorOf({ LOG_REDACT_KEYS: "phone,,*" })).toContain("LOG_REDACT_KEYS must be names of fields");
  });

  test("the addresses of ADMIN_EMAILS are normalised", () => {
    expect(parse({ ADMIN_EMAILS: "Boss@Example.com, second＠b.co" }).adminEmails).toEqual(
      new Set(["boss@example.com", "second@b.co"]),
    );
  });

  test.each([
    { text: "900", seconds: 900 },
    { text: "900s", seconds: 900 },
    { text: "15m", seconds: 900 },
    { text: "12h", seconds: 43_200 },
    { text: "7d", seconds: 604_800 },
  ])("JWT_EXPIRES_IN=$text is $seconds seconds", ({ text, seconds }) => {
    expect(parse({ JWT_EXPIRES_IN: text }).jwtExpiresInSeconds).toBe(seconds);
  });

  test.each([
    { url: "https://x.example/", parsed: "https://x.example" },
    { url: "https://x.example:8443/jifen//", parsed: "https://x.example:8443/jifen" },
    { url: "http://[::1]:3001", parsed: "http://[::1]:3001" },
  ])("PUBLIC_URL=$url is parsed as $parsed", ({ url, parsed }) => {
    expect(parse({ PUBLIC_URL: url }).publicUrl).toBe(parsed);
  });

  test("HOST can be an IPv6 address in brackets", () => {
    expect(parse({ HOST: "[::1]" }).host).toBe("::1");
  });

  test("FRONTEND_URL is parsed into exact origins", () => {
    expect(parse({ FRONTEND_URL: "https://a.example.com/, http://localhost:3000" }).frontendOrigins).toEqual([
      "https://a.example.com",
      "http://localhost:3000",
    ]);
  });
});

describe("invalid settings", () => {
  test.each([
    { env: { PORT: "abc" }, says: "PORT must be a whole number" },
    { env: { PORT: "70000" }, says: "PORT must be at most 65535" },
    { env: { NODE_ENV: "prod" }, says: "NODE_ENV must be development, production or test" },
    { env: { NODE_ENV: "production" }, says: "JWT_SECRET is required in production" },
    { env: { NODE_ENV: "production", JWT_SECRET: "your-jwt-secret-key" }, says: "at least 32 bytes" },
    { env: { NODE_ENV: "production", JWT_SECRET: secret, JWT_SECRET_1: "short" }, says: "at least 32 bytes" },
    { env: { JWT_SECRET_1: secret }, says: "JWT_SECRET is missing" },
    { env: { JWT_SECRET: secret, JWT_SECRET_FILE: "/nowhere" }, says: "JWT_SECRET and JWT_SECRET_FILE are both set" },
    { env: { JWT_SECRET_FILE: "/nowhere" }, says: "JWT_SECRET_FILE names a file that cannot be read" },
    { env: { DATABASE_URL: "oracle://db" }, says: "DATABASE_URL must begin with file:, postgresql://" },
    { env: { FRONTEND_URL: "example.com" }, says: "FRONTEND_URL must be origins" },
    { env: { FRONTEND_URL: "*" }, says: "FRONTEND_URL must be origins" },
    { env: { FRONTEND_URL: "https://a.example.com/app" }, says: "FRONTEND_URL must be origins" },
    { env: { FRONTEND_URL: "https://a.example.com,https://*.com" }, says: "(entry 2)" },
    { env: { FRONTEND_URL: "https://a.example.com?b=1" }, says: "FRONTEND_URL must be origins" },
    { env: { PUBLIC_URL: "https://x.example/?a=1" }, says: "PUBLIC_URL must be a URL without user, query" },
    { env: { PUBLIC_URL: "https://x.example/#a" }, says: "PUBLIC_URL must be a URL without user, query" },
    { env: { PUBLIC_URL: "https://user:secret@x.example" }, says: "PUBLIC_URL must be a URL without user, query" },
    { env: { PUBLIC_URL: "x.example" }, says: "PUBLIC_URL must be a URL without user, query" },
    { env: { HOST: "http://127.0.0.1" }, says: "HOST must be an address or a host name" },
    { env: { HOST: "127.0.0.1:3001" }, says: "HOST must be an address or a host name" },
    { env: { USER_WHITELIST: "a@b.co" }, says: "entry 1 must be email:password" },
    { env: { USER_WHITELIST: "a@b.co:x,no-address:y" }, says: "entry 2 must be email:password" },
    { env: { USER_WHITELIST: `a@b.co:${"x".repeat(73)}` }, says: "longer than 72 bytes" },
    { env: { USER_WHITELIST: "a@b.co:x,A@b.co:y" }, says: "entry 2 has the address of an earlier one" },
    { env: { INITIAL_CREDITS: "-1" }, says: "INITIAL_CREDITS must be a whole number" },
    { env: { ADMIN_EMAILS: "a@b.co,boss" }, says: "ADMIN_EMAILS entry 2 must be an e-mail address" },
    { env: { JWT_EXPIRES_IN: "soon" }, says: "JWT_EXPIRES_IN must be a time" },
  ])("$env is refused with the correction: $says", ({ env, says }) => {
    expect(errorOf(env)).toContain(says);
  });

  test("one error lists all invalid settings and prints no values", () => {
    const message = errorOf({
      PORT: "abc",
      DATABASE_URL: "oracle://scott:tiger@db",
      NODE_ENV: "production",
      JWT_SECRET: "hunter2",
    });
    expect(message.match(/^ {2}- /gm)).toHaveLength(3);
    expect(message).not.toMatch(/abc|tiger|hunter2/);
  });
});

describe("the table of settings", () => {
  const settings = Object.entries(settingTable);

  test.each(settings)("%s has a type and a description in English and Chinese", (_name, { type, description }) => {
    expect([type.en, type.zh, description.en]).not.toContain("");
    expect(description.en).toMatch(/^\P{Script=Han}+\.$/u);
    expect(description.zh).toMatch(/\p{Script=Han}.*。$/u);
  });

  test("every secret can be read from a file", () => {
    const secrets = settings.filter(([, { isSecret }]) => isSecret).map(([name]) => name);
    expect(secrets.toSorted()).toEqual([
      "ALIPAY_PRIVATE_KEY",
      "ALIPAY_PUBLIC_KEY",
      "AUTH_SECRET",
      "AUTH_SECRET_1",
      "AUTH_SECRET_2",
      "AUTH_SECRET_3",
      "DATABASE_URL",
      "EPAY_KEY",
      "JWT_SECRET",
      "JWT_SECRET_1",
      "JWT_SECRET_2",
      "JWT_SECRET_3",
      "METRICS_TOKEN",
      "REDIS_URL",
      "SMTP_URL",
      "STRIPE_SECRET_KEY",
      "STRIPE_WEBHOOK_SECRET",
      "USER_WHITELIST",
      "WECHATPAY_API_V3_KEY",
      "WECHATPAY_PLATFORM_CERTS",
      "WECHATPAY_PRIVATE_KEY",
      "WECHATPAY_PUBLIC_KEY",
    ]);
  });

  test.each(
    settings.flatMap(([name, { default: unset }]) =>
      unset !== undefined && unset.en === unset.zh ? [{ name, value: unset.en }] : [],
    ),
  )("the documented default of $name is the default", ({ name, value }) => {
    expect(parse({ [name]: value.replace("PORT", "3001") })).toEqual(parse({}));
  });
});
