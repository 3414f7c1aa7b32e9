import { describe, expect, test } from "vitest";
import { allowedHeaders } from "./allowed-headers.ts";
import { createOriginMatcher, parseOriginPattern } from "./origins.ts";

const known = "Accept-Language,Authorization,Content-Type,Idempotency-Key,X-Create-User,X-Request-Id,X-User-Id";

describe("allowedHeaders", () => {
  test.each([
    { requested: undefined, added: "" },
    { requested: "", added: "" },
    { requested: "authorization,content-type", added: "" },
    { requested: "baggage, sentry-trace", added: ",baggage,sentry-trace" },
    { requested: "authorization,trpc-accept,x-trpc-source", added: ",trpc-accept,x-trpc-source" },
    { requested: "traceparent , tracestate,x-datadog-trace-id", added: ",traceparent,tracestate,x-datadog-trace-id" },
    { requested: "*", added: ",*" },
    { requested: "content-type,x-jifen-session", added: "" },
    { requested: "X-Jifen-Session,baggage", added: ",baggage" },
    { requested: "baggage,a b", added: "" },
    { requested: "x\u00e9", added: "" },
    { requested: "a:b", added: "" },
    { requested: `x-${"a".repeat(99)}`, added: "" },
    { requested: Array.from({ length: 101 }, (_, n) => `x-${n}`).join(","), added: "" },
  ])("a preflight for $requested is allowed the known headers and $added", ({ requested, added }) => {
    expect(allowedHeaders(requested)).toBe(`${known}${added}`);
  });
});

describe("parseOriginPattern", () => {
  test.each([
    { text: "https://Example.com/", origin: "https://example.com" },
    { text: "https://example.com:443", origin: "https://example.com" },
    { text: "http://localhost:3000", origin: "http://localhost:3000" },
    { text: "http://[::1]:3000", origin: "http://[::1]:3000" },
    { text: "https://*.vercel.app", origin: "https://*.vercel.app" },
    { text: "https://shop-*.Vercel.app:8443", origin: "https://shop-*.vercel.app:8443" },
    { text: "https://shop-*-team.vercel.app", origin: "https://shop-*-team.vercel.app" },
    { text: "https://api.*.example.com", origin: "https://api.*.example.com" },
    { text: "http://*.localhost:3000", origin: "http://*.localhost:3000" },
  ])("parseOriginPattern accepts $text", ({ text, origin }) => {
    expect(parseOriginPattern(text)).toBe(origin);
  });

  test.each([
    "*",
    "https://*",
    "https://*.com",
    "https://shop-*.com",
    "https://*.com.cn",
    "https://*.co.uk",
    "https://example.*",
    "https://*.*.example.com",
    "https://**.example.com",
    "https://example.com:*",
    "*://example.com",
    "https://example.com/app",
    "https://*.example.com/app",
    "https://example.com?a=1",
    "https://example.com/#",
    "https://user:password@example.com",
    "https://192.168.*.1",
    "ftp://example.com",
    "null",
    "example.com",
    "",
  ])("parseOriginPattern refuses what never matches or matches strangers: %s", (text) => {
    expect(parseOriginPattern(text)).toBeUndefined();
  });
});

describe("createOriginMatcher", () => {
  const isAllowed = createOriginMatcher([
    "https://a.example.com",
    "https://*.vercel.app",
    "https://shop-*.netlify.app",
    "http://*.localhost:3000",
  ]);

  test.each([
    "https://a.example.com",
    "https://shop-git-main-team.vercel.app",
    "https://x.vercel.app",
    "https://shop-5--preview.netlify.app",
    "http://tenant.localhost:3000",
  ])("%s is allowed", (origin) => {
    expect(isAllowed(origin)).toBe(true);
  });

  test.each([
    "https://b.example.com",
    "https://a.b.vercel.app",
    "https://vercel.app",
    "https://.vercel.app",
    "http://x.vercel.app",
    "https://x.vercel.app:8443",
    "https://x.vercel.app.evil.example",
    "https://x.vercelXapp",
    "https://evil.example/x.vercel.app",
    "https://shop-.netlify.app",
    "https://myshop-1.netlify.app",
    "https://X.vercel.app",
    "null",
    "",
  ])("%s is not allowed", (origin) => {
    expect(isAllowed(origin)).toBe(false);
  });
});
