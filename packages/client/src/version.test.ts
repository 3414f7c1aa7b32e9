import { readFileSync } from "node:fs";
import { afterEach, expect, test, vi } from "vitest";
import type { Step } from "../test/scripted-server.ts";
import { startScriptedServer } from "../test/scripted-server.ts";

const manifest = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));

const ofVersion =
  (version: string | undefined): Step =>
  (response) =>
    void response
      .writeHead(200, { "content-type": "application/json", ...(version && { "jifen-version": version }) })
      .end(JSON.stringify([{ result: { data: { json: { balance: 1 } } } }]));

/** A client that has warned of nothing, and what it writes to the console. */
async function openClient(url: string, language?: "zh" | "en") {
  vi.resetModules();
  const warnings: string[] = [];
  vi.spyOn(console, "warn").mockImplementation((text: string) => void warnings.push(text));
  const { createJifenClient } = await import("./client.ts");
  return { jifen: createJifenClient({ url, token: "t", language }), warnings };
}
afterEach(() => vi.restoreAllMocks());

test("the version of the client is that of its package.json", async () => {
  const { clientVersion } = await import("./version.ts");
  expect(clientVersion).toBe(manifest.version);
});

test("a client warns once when the server has another minor version, and says how to install the right client", async () => {
  await using server = await startScriptedServer(ofVersion("99.9.3"));
  const { jifen, warnings } = await openClient(server.url, "en");
  for (let n = 0; n < 3; n += 1) await jifen.credits.balance.query();
  expect(warnings).toEqual([
    `@jifen/client ${manifest.version} calls a Jifen server of version 99.9.3. Install the client of that server: npm install ${server.url}/client.tgz`,
  ]);
  const chinese = await openClient(server.url);
  await chinese.jifen.credits.balance.query();
  expect(chinese.warnings).toEqual([expect.stringContaining("所调用的 Jifen 服务器版本为 99.9.3")]);
});

const [major, minor] = manifest.version.split(".");
test.each([{ version: `${major}.${minor}.99` }, { version: manifest.version }, { version: undefined }])(
  "a client does not warn of a server with the version $version",
  async ({ version }) => {
    await using server = await startScriptedServer(ofVersion(version));
    const { jifen, warnings } = await openClient(server.url);
    await jifen.credits.balance.query();
    expect(warnings).toEqual([]);
  },
);
