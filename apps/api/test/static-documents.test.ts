import { brotliDecompressSync, gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRaw } from "./read-raw.ts";
import { type Server, startServer } from "./start-server.ts";

let server: Server;
beforeAll(async () => {
  server = await startServer("sqlite", { RATE_LIMIT_IP: "200/1m", TRUST_PROXY: "loopback" });
});
afterAll(() => server.stop());

const read = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  readRaw(`${server.api.url}${path}`, headers, method);

const decode = { br: brotliDecompressSync, gzip: gunzipSync, identity: (bytes: Buffer) => bytes };

describe.each(["/docs", "/docs-staff", "/llms.txt", "/llms-full.txt", "/openapi.json", "/r/usage-table.json"])(
  "%s",
  (path) => {
    test.each([
      { accepted: undefined, encoding: "identity" },
      { accepted: "gzip, deflate, br, zstd", encoding: "br" },
      { accepted: "gzip", encoding: "gzip" },
      { accepted: "br;q=0.5, gzip;q=0.8", encoding: "gzip" },
      { accepted: "br;q=0, gzip;q=0.001", encoding: "gzip" },
      { accepted: "*", encoding: "br" },
      { accepted: "identity, br;q=0.1", encoding: "identity" },
      { accepted: "deflate", encoding: "identity" },
      { accepted: "gzip;q=0, identity;q=0, *;q=0", encoding: "identity" },
    ] as const)(`${path} is sent as $encoding to a client that accepts $accepted`, async ({ accepted, encoding }) => {
      const plain = await read(path);
      const { status, headers, bytes } = await read(
        path,
        accepted === undefined ? {} : { "accept-encoding": accepted },
      );
      expect(status).toBe(200);
      expect(headers["content-encoding"]).toBe(encoding === "identity" ? undefined : encoding);
      expect(headers["content-length"]).toBe(String(bytes.length));
      expect(headers.vary).toMatch(/Origin, Accept-Encoding/);
      expect(decode[encoding](bytes).equals(plain.bytes)).toBe(true);
      if (encoding !== "identity") expect(bytes.length).toBeLessThan(plain.bytes.length / 1.5);
    });

    test(`${path} is not sent again to a client that has it, in any encoding`, async () => {
      const tags = await Promise.all(
        ["br", "gzip", "identity"].map(
          async (encoding) => (await read(path, { "accept-encoding": encoding })).headers.etag,
        ),
      );
      expect(new Set(tags).size).toBe(3);
      for (const tag of [...tags, `"other", W/${tags[0]}`, "*"]) {
        const { status, headers, bytes } = await read(path, { "if-none-match": String(tag), "accept-encoding": "br" });
        expect({ status, length: bytes.length, etag: headers.etag }).toEqual({ status: 304, length: 0, etag: tags[0] });
        expect(headers["x-content-type-options"]).toBe("nosniff");
      }
      expect((await read(path, { "if-none-match": '"other"' })).status).toBe(200);
    });

    test(`HEAD ${path} has the headers of GET and no body`, async () => {
      const [head, whole] = [await read(path, {}, "HEAD"), await read(path)];
      expect({ status: head.status, length: head.bytes.length }).toEqual({ status: 200, length: 0 });
      for (const name of ["content-type", "etag", "cache-control", "vary"]) {
        expect(head.headers[name]).toBe(whole.headers[name]);
      }
    });
  },
);

test("documents count for the rate limit of an address, and the addresses are counted apart", async () => {
  const from = (address: string) => ({ "x-forwarded-for": address });
  const paths = ["/docs", "/openapi.json", "/login"];
  for (let at = 0; at < 200; at += 1) {
    expect((await read(paths[at % 3] ?? "", from("203.0.113.9"))).status).toBe(200);
  }
  for (const path of paths) {
    const { status, headers } = await read(path, from("203.0.113.9"));
    expect({ status, hasRetryAfter: "retry-after" in headers }).toEqual({ status: 429, hasRetryAfter: true });
  }
  expect((await read("/docs", from("203.0.113.10"))).status).toBe(200);
});

test("/docs and /openapi.json can be cached, and /link cannot", async () => {
  const cacheControl = async (path: string) => (await read(path)).headers["cache-control"];
  expect(await cacheControl("/docs")).toBe("public, max-age=300");
  expect(await cacheControl("/openapi.json")).toBe("public, max-age=300");
  expect(await cacheControl("/link")).toBe("no-store");
});

test("/docs names the address of this server, whatever Host the client sends", async () => {
  const page = (await read("/docs", { host: "evil.example" })).bytes.toString();
  expect(page).not.toContain("evil.example");
  expect(page).toContain(`curl ${server.api.url}/`);
});
