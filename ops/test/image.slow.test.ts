// Expected duration: 240 s on two cores.

import { once } from "node:events";
import { chownSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { callRest, freePort } from "@jifen/testkit";
import { findProgram } from "@jifen/testkit/processes";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { buildImage, type Image } from "./build-image.ts";
import { makeNodeRoot, startReadOnly } from "./empty-root.ts";

const canBuild = process.getuid?.() === 0 && findProgram("debootstrap") !== undefined;
if (!canBuild) console.warn("SKIPPED: the test of the image needs root and debootstrap.");

describe.skipIf(!canBuild)("the image that the Dockerfile describes, made without a Docker engine", () => {
  const folder = mkdtempSync(join(tmpdir(), "jifen-image-"));
  let image: Image;
  beforeAll(async () => {
    const store = join(folder, "store");
    mkdirSync(store);
    image = await buildImage(await makeNodeRoot(join(folder, "root")), { "/root/.local/share/pnpm/store": store });
  }, timeLimit(900));
  const servers: ReturnType<typeof startReadOnly>[] = [];
  afterAll(async () => {
    const left = servers.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
    const ended = left.map((server) => once(server, "exit"));
    for (const server of left) server.kill("SIGTERM");
    await Promise.all(ended);
    rmSync(folder, { recursive: true, force: true });
  });

  const startServer = async (data: string, settings: Record<string, string>) => {
    const port = await freePort();
    const env = { ...image.env, ...settings, PORT: String(port), HOST: "127.0.0.1" };
    const mounts = { "/data": data };
    const server = startReadOnly(image.root, image.start, { env, mounts, user: image.user });
    servers.push(server);
    let log = "";
    server.stdout.on("data", (chunk) => {
      log += chunk;
    });
    server.stderr.on("data", (chunk) => {
      log += chunk;
    });
    const inside = async (command: readonly string[]) => {
      const child = startReadOnly(image.root, command, { env, mounts, user: image.user });
      const [code] = await once(child, "exit");
      return code as number;
    };
    await expect.poll(() => log, { timeout: timeLimit(30) }).toContain('"msg":"ready"');
    return { url: `http://127.0.0.1:${port}`, server, inside, log: () => log };
  };
  const makeData = (name: string) => {
    const data = join(folder, name);
    mkdirSync(data);
    chownSync(data, 1_000, 1_000);
    return data;
  };

  test("it serves the API and the console as a user without rights in a read-only root, and stops when asked", {
    timeout: timeLimit(120),
  }, async () => {
    const data = makeData("data");
    const { url, server, inside, log } = await startServer(data, { USER_WHITELIST: "user@example.com:password123" });
    const credentials = { email: "user@example.com", password: "password123" };
    const { body } = await callRest(url, "POST", "/auth/login", { body: credentials });
    const call = { token: body["token"] as string, body: { amount: 5, action: "image" } };
    expect(await callRest(url, "POST", "/credits/consume", call)).toMatchObject({ status: 200, body: { balance: 95 } });
    const page = await fetch(`${url}/console/`);
    expect({ status: page.status, text: await page.text() }).toMatchObject({
      status: 200,
      text: expect.stringContaining("<script"),
    });
    // The health check, and a command beside the running server.
    expect(await inside(image.check)).toBe(0);
    expect(await inside(["jifen", "audit"])).toBe(0);
    server.kill("SIGTERM");
    expect(await once(server, "exit")).toEqual([0, null]);
    expect(await inside(image.check)).toBe(1);
    expect(readdirSync(data)).toContain("jifen.db");
    expect(log()).not.toMatch(/"level":"(error|fatal)"/);
  });

  test("in production it does not start without a secret, and names the setting", async () => {
    const env = { ...image.env, NODE_ENV: "production" };
    const child = startReadOnly(image.root, image.start, {
      env,
      mounts: { "/data": makeData("none") },
      user: image.user,
    });
    let output = "";
    child.stderr.on("data", (chunk) => {
      output += chunk;
    });
    const [code] = await once(child, "exit");
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringContaining("JWT_SECRET") });
  });
});
