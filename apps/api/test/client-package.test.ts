import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readRaw } from "./read-raw.ts";
import { type Server, startServer } from "./start-server.ts";

const { version } = JSON.parse(readFileSync(new URL("../../../packages/client/package.json", import.meta.url), "utf8"));

let server: Server;
let second: Server;
beforeAll(async () => {
  [server, second] = await Promise.all([startServer("sqlite", { CONSOLE: "off" }), startServer("sqlite")]);
});
afterAll(() => Promise.all([server, second].map((each) => each?.stop())));

const read = (path: string, headers: Record<string, string> = {}, method = "GET") =>
  readRaw(`${server.api.url}${path}`, headers, method);

/** The names of the files in a tar archive, from the headers of 512 bytes before each. */
function namesIn(archive: Buffer): string[] {
  const names: string[] = [];
  for (let at = 0; archive[at] !== 0; ) {
    const text = (from: number, length: number) =>
      archive.toString("latin1", at + from, at + from + length).replace(/\0.*$/s, "");
    names.push(text(0, 100));
    at += 512 + Math.ceil(Number.parseInt(text(124, 12), 8) / 512) * 512;
  }
  return names;
}

describe("the client package, on sqlite", () => {
  test("two servers send the same bytes of the client, at both of its addresses", async () => {
    const urls = [server.api.url, second.api.url].flatMap((url) => [
      `${url}/client.tgz`,
      `${url}/client-${version}.tgz`,
    ]);
    const answers = await Promise.all(urls.map((url) => readRaw(url, {})));
    const digests = answers.map(({ status, bytes }) => [status, createHash("sha512").update(bytes).digest("base64")]);
    expect(new Set(digests.map(String)).size).toBe(1);
    expect(digests[0]?.[0]).toBe(200);
  });

  test("the archive of the client has its code, types, components, README and licence, in order, and no source", async () => {
    const names = namesIn(gunzipSync((await read("/client.tgz")).bytes));
    const expected = ["LICENSE", "README.md", "package.json", "registry.json", "components/theme.css", "dist/index.js"];
    const types = ["dist/index.d.ts", "dist/react.d.ts", "dist/contract/index.d.ts", "dist/core/index.d.ts"];
    expect(names).toEqual(expect.arrayContaining([...expected, ...types].map((name) => `package/${name}`)));
    expect(names).toEqual(names.toSorted());
    expect(names.filter((name) => /\.map$|\.tsbuildinfo$|\/src\/|(?<!\.d)\.ts$/.test(name))).toEqual([]);
  });

  test("the archive of the client is a gzip file without Content-Encoding, whatever the client accepts", async () => {
    for (const accepted of ["gzip, br", "identity"]) {
      const { status, headers, bytes } = await read("/client.tgz", { "accept-encoding": accepted });
      expect({ status, type: headers["content-type"] }).toEqual({ status: 200, type: "application/gzip" });
      expect(headers["content-encoding"]).toBeUndefined();
      expect(headers["content-length"]).toBe(String(bytes.length));
      expect(headers["cache-control"]).toBe("public, max-age=300");
    }
  });

  test("HEAD has the headers of the archive without its bytes, and an archive that the client has is not sent again", async () => {
    const { headers } = await read("/client.tgz");
    const head = await read("/client.tgz", {}, "HEAD");
    const known = await read("/client.tgz", { "if-none-match": String(headers.etag) });
    expect([head.status, head.bytes.length, head.headers.etag]).toEqual([200, 0, headers.etag]);
    expect([known.status, known.bytes.length, known.headers.etag]).toEqual([304, 0, headers.etag]);
    expect((await read("/client.tgz", { "if-none-match": '"other"' })).status).toBe(200);
  });

  test("the client of another version is NOT_FOUND, and the archive cannot be written", async () => {
    for (const path of ["/client-0.0.9.tgz", "/client-.tgz", "/client.tar.gz", "/x/client.tgz"]) {
      expect(await server.call("GET", path)).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
    }
    expect((await server.call("POST", "/client.tgz", { body: {} })).status).toBe(405);
  });
});
