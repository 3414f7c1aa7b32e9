import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { startApi } from "@jifen/testkit";
import { pino } from "pino";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readConsoleBuild } from "../src/console/read-build.ts";
import { vendorScript, writeConsoleBuild } from "./console-build.ts";
import { readRaw } from "./read-raw.ts";
import { startConsoleServer } from "./start-console-server.ts";

type Started = Awaited<ReturnType<typeof startConsoleServer>>;

let server: Started;
let folder: string;
beforeAll(async () => {
  folder = writeConsoleBuild();
  server = await startConsoleServer({ folder });
});
afterAll(() => server.stop());

const read = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  readRaw(`${server.url}${path}`, headers, method);
const textOf = async (path: string, headers: Record<string, string> = {}) =>
  (await read(path, headers)).bytes.toString();
const scriptsOf = (page: string) =>
  [...page.matchAll(/rel="modulepreload" crossorigin href="([^"]+)"/g)].map(([, file]) => file);

const vendor = "/console/assets/vendor-1.js";
const decode = { br: brotliDecompressSync, gzip: gunzipSync, identity: (bytes: Buffer) => bytes };

describe("addresses of pages", () => {
  test.each([
    ...[
      "/console",
      "/console/",
      "/console/users",
      "/console/users/user-1?tab=ledger",
      "/console/no/such/page",
      "/console/assets",
    ],
    ...["/account", "/account/", "/account/history", "/account/no-such-page"],
  ])("%s is answered with the page, which stays correct after an upgrade", async (path) => {
    const { status, headers, bytes } = await read(path);
    expect({ status, type: headers["content-type"], cache: headers["cache-control"] }).toEqual({
      ...{ status: 200, type: "text/html; charset=UTF-8", cache: "no-cache" },
    });
    expect(bytes.toString()).toContain('<div id="root">');
  });

  test.each([
    "gone-1.js",
    "vendor-2.js",
    "vendor-1.js.br",
    "..%2Findex.html",
    "%2e%2e/%2e%2e/manifest.json",
    "a/b.js",
    "index.html",
  ])("the unknown asset %s is answered with 404 and never with a page", async (name) => {
    const { status, headers } = await read(`/console/assets/${name}`, { accept: "text/html" });
    expect({ status, type: headers["content-type"] }).toEqual({ status: 404, type: "application/json" });
  });

  test.each(["/console/users", vendor])("POST %s is answered with 405", async (path) => {
    const { status, headers } = await read(path, {}, "POST");
    expect({ status, allow: headers.allow }).toEqual({ status: 405, allow: "GET, HEAD" });
  });

  test.each(["/consoles", "/accounts", "/manifest.json", "/index.html"])(
    "%s is not a page of the console",
    async (path) => {
      expect((await read(path)).status).toBe(404);
    },
  );
});

describe("bytes of pages and assets", () => {
  test.each(
    ["/console/users", vendor].flatMap((path) =>
      (["br", "gzip", "identity"] as const).map((encoding) => ({ path, encoding })),
    ),
  )("$path is sent as $encoding to a client that accepts only that", async ({ path, encoding }) => {
    const [sent, plain] = [await read(path, { "accept-encoding": encoding }), await read(path)];
    expect(sent.headers["content-encoding"]).toBe(encoding === "identity" ? undefined : encoding);
    expect(sent.headers["content-length"]).toBe(String(sent.bytes.length));
    expect(decode[encoding](sent.bytes).equals(plain.bytes)).toBe(true);
  });

  test("an asset that the build did not compress is sent as it is", async () => {
    const { headers, bytes } = await read("/console/assets/index-1.css", { "accept-encoding": "br, gzip" });
    expect({ encoding: headers["content-encoding"], type: headers["content-type"], text: bytes.toString() }).toEqual({
      ...{ encoding: undefined, type: "text/css; charset=UTF-8", text: "body{margin:0}" },
    });
  });

  test("assets can be cached for a year, and have the type of a script", async () => {
    const { headers, bytes } = await read(vendor);
    expect(headers["cache-control"]).toBe("public, max-age=31536000, immutable");
    expect(headers["content-type"]).toBe("text/javascript; charset=UTF-8");
    expect(headers["x-content-type-options"]).toBe("nosniff");
    expect(bytes.toString()).toBe(vendorScript);
  });

  test.each(["/console/users", vendor])("%s is not sent again to a client that has it", async (path) => {
    const { headers } = await read(path, { "accept-encoding": "br" });
    const again = await read(path, { "accept-encoding": "br", "if-none-match": String(headers.etag) });
    expect({ status: again.status, length: again.bytes.length }).toEqual({ status: 304, length: 0 });
    expect(again.headers["content-security-policy"]).toBe(headers["content-security-policy"]);
    expect((await read(path, { "if-none-match": '"another"' })).status).toBe(200);
  });

  test.each(["/console/users", vendor])("HEAD %s has the headers of GET and no body", async (path) => {
    const [head, whole] = [await read(path, {}, "HEAD"), await read(path)];
    expect({ status: head.status, length: head.bytes.length }).toEqual({ status: 200, length: 0 });
    for (const name of ["content-type", "content-length", "etag", "cache-control", "vary"]) {
      expect(head.headers[name]).toBe(whole.headers[name]);
    }
  });

  test("pages and assets count for the rate limit of an address", async () => {
    const limited = await startConsoleServer({ folder, callsPerMinute: 2 });
    const paths = ["/console", vendor, "/account"];
    const statuses = [];
    for (const path of paths) statuses.push((await readRaw(`${limited.url}${path}`)).status);
    expect(statuses).toEqual([200, 200, 429]);
    await limited.stop();
  });
});

describe("what a page is finished with", () => {
  test.each([
    { accepted: "zh-CN,zh;q=0.9", cookie: "", lang: "zh-CN", title: "控制台 · Jifen 积分" },
    { accepted: "en-US", cookie: "", lang: "en", title: "Console · Jifen" },
    { accepted: "en-US", cookie: "jifen_language=zh", lang: "zh-CN", title: "控制台 · Jifen 积分" },
    { accepted: "zh", cookie: "a=b; jifen_language=en", lang: "en", title: "Console · Jifen" },
    { accepted: "en", cookie: 'jifen_language="><script>', lang: "en", title: "Console · Jifen" },
  ])(
    "a visitor with Accept-Language $accepted and the cookie '$cookie' gets $lang",
    async ({ accepted, cookie, lang, title }) => {
      const page = await textOf("/console", { "accept-language": accepted, cookie });
      expect(page).toContain(`<html lang="${lang}">`);
      expect(page).toContain(`<title>${title}</title>`);
      expect(page).not.toContain("<script>");
    },
  );

  test.each([
    { cookie: "jifen_theme=dark", html: '<html lang="zh-CN" data-theme="dark">' },
    { cookie: "jifen_theme=light", html: '<html lang="zh-CN" data-theme="light">' },
    { cookie: "jifen_theme=system", html: '<html lang="zh-CN">' },
  ])("the first byte of the page already follows the cookie $cookie", async ({ cookie, html }) => {
    expect(await textOf("/account", { cookie })).toContain(html);
  });

  test("each variant has a tag of its own, and caches are told what a variant depends on", async () => {
    const variants: Record<string, string>[] = [{}, { cookie: "jifen_theme=dark" }, { cookie: "jifen_language=en" }];
    const pages = await Promise.all(
      variants.flatMap((headers) => ["/console", "/account"].map((path) => read(path, headers))),
    );
    expect(new Set(pages.map(({ headers }) => headers.etag)).size).toBe(6);
    for (const { headers } of pages) expect(headers.vary).toBe("Origin, Accept-Encoding, Accept-Language, Cookie");
  });

  test("a page preloads the scripts and texts of its area in its language, and nothing of the other area", async () => {
    expect(scriptsOf(await textOf("/console/users"))).toEqual([
      "./console/assets/vendor-1.js",
      ...["console-shell", "table", "words-zh"].map((name) => `console/assets/${name}-1.js`),
    ]);
    expect(scriptsOf(await textOf("/account", { "accept-language": "en" }))).toEqual([
      "./console/assets/vendor-1.js",
      ...["account-shell", "words-en"].map((name) => `console/assets/${name}-1.js`),
    ]);
  });

  test("pages allow scripts, styles and connections of this server only, and no frame", async () => {
    const { headers } = await read("/console");
    expect(headers).toMatchObject({
      "content-security-policy":
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'self'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
      "x-frame-options": "DENY",
      "cross-origin-opener-policy": "same-origin",
      "permissions-policy": expect.stringContaining("camera=(), "),
      "x-content-type-options": "nosniff",
      "referrer-policy": "same-origin",
    });
  });
});

describe("the start of the server", () => {
  const start = async (accept: string) => {
    const { status, headers } = await read("/", accept === "" ? {} : { accept });
    return { status, location: headers.location, vary: headers.vary };
  };

  test.each([
    { accept: "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", location: "/console/" },
    { accept: "*/*", location: "docs" },
    { accept: "application/json", location: "docs" },
    { accept: "", location: "docs" },
  ])("/ leads a client that accepts '$accept' to $location", async ({ accept, location }) => {
    expect(await start(accept)).toEqual({ status: 302, location, vary: "Origin, Accept" });
  });

  test.each([
    { publicUrl: "https://x.example/jifen", base: '<base href="/jifen/">', location: "/jifen/console/" },
    { publicUrl: "https://x.example", base: '<base href="/">', location: "/console/" },
    { publicUrl: "https://x.example/a&b", base: '<base href="/a&amp;b/">', location: "/a&b/console/" },
  ])("pages of $publicUrl load everything from below its path", async ({ publicUrl, base, location }) => {
    const behindProxy = await startConsoleServer({ folder, publicUrl });
    const page = (await readRaw(`${behindProxy.url}/console/users/user-1`)).bytes.toString();
    expect(page).toContain(base);
    expect(page).not.toMatch(/(href|src)="\/(?!")[^"]*\.(js|css)"/);
    const { headers } = await readRaw(`${behindProxy.url}/`, { accept: "text/html" });
    expect(headers.location).toBe(location);
    await behindProxy.stop();
  });
});

describe("a server without a console", () => {
  test("CONSOLE=off: pages and assets are unknown, and / leads to the documentation", async () => {
    await using api = await startApi({ env: { CONSOLE: "off" } });
    for (const path of ["/console", "/console/users", "/console/assets/vendor-1.js", "/account"]) {
      const { status, headers } = await readRaw(`${api.url}${path}`, { accept: "text/html" });
      expect({ status, type: headers["content-type"] }).toEqual({ status: 404, type: "application/json" });
    }
    expect((await readRaw(`${api.url}/`, { accept: "text/html" })).headers.location).toBe("docs");
    expect(api.logs().find(({ msg }) => msg === "ready")).not.toHaveProperty("consoleUrl");
  });

  const warningsOf = async (path: string) => {
    const lines: string[] = [];
    const build = await readConsoleBuild(path, pino({}, { write: (line) => void lines.push(line) }));
    return { build, warnings: lines.map((line) => JSON.parse(line) as { level: number; msg: string }) };
  };

  test("a console that is not built is left out, with one warning that says how to build it", async () => {
    const { build, warnings } = await warningsOf(join(folder, "nowhere"));
    expect(build).toBeUndefined();
    expect(warnings).toMatchObject([{ level: 40, msg: expect.stringContaining("run build:server") }]);
  });

  test.each([
    { file: "index.html", text: "<html></html>" },
    { file: "manifest.json", text: '{"index.html":{}}' },
    { file: "manifest.json", text: "{" },
  ])("a build whose $file is $text is left out, with one warning", async ({ file, text }) => {
    const damaged = writeConsoleBuild();
    writeFileSync(join(damaged, file), text);
    const { build, warnings } = await warningsOf(damaged);
    expect({ build, count: warnings.length }).toEqual({ build: undefined, count: 1 });
  });
});
