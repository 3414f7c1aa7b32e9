// Expected duration: 60 s on two cores.

import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { type IncomingMessage, request } from "node:http";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { callRest, freePort, startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { proxies, type ReverseProxy } from "./proxy-configurations.ts";
import { type Server, startServer, user } from "./start-server.ts";
import { createTemporaryFolder } from "./temporary-folder.ts";

/** Anonymous calls that one address can make. */
const LIMIT = 5;
const isInstalled = (command: string) => spawnSync(command, ["-v"]).error === undefined;

type Sent = { readonly from?: string; readonly token?: string; readonly body?: object; readonly isChunked?: boolean };

/** Sends a request from an address of the loopback network, with a length or in chunks. */
async function send(port: number, path: string, { from = "127.0.0.1", token, body, isChunked }: Sent = {}) {
  const text = body === undefined ? "" : JSON.stringify(body);
  const outgoing = request({
    port,
    host: "127.0.0.1",
    localAddress: from,
    path,
    method: body === undefined ? "GET" : "POST",
    headers: {
      ...(body && { "content-type": "application/json" }),
      ...(body && !isChunked && { "content-length": Buffer.byteLength(text) }),
      ...(token && { authorization: `Bearer ${token}` }),
    },
  });
  if (isChunked) for (const part of text.match(/.{1,10}/gs) ?? []) outgoing.write(part);
  outgoing.end(isChunked ? undefined : text);
  const [response] = await once(outgoing, "response");
  // biome-ignore lint/suspicious/noExplicitAny: a black-box test checks the body by its expectations.
  return { status: response.statusCode as number, body: (isJson(response) ? await json(response) : {}) as any };
}

/** A proxy answers some refusals itself, as HTML. */
const isJson = ({ headers }: IncomingMessage) => /json/.test(headers["content-type"] ?? "");

async function startProxy({ command, configure }: ReverseProxy, upstream: number) {
  const [port, folder] = [await freePort(), createTemporaryFolder()];
  const child = spawn(command, configure({ port, upstream, folder }), { stdio: "ignore" });
  const isUp = () =>
    send(port, "/health").then(
      ({ status }) => status === 200,
      () => false,
    );
  for (const deadline = Date.now() + timeLimit(20); !(await isUp()); await sleep(100)) {
    if (Date.now() < deadline) continue;
    child.kill("SIGKILL");
    throw new Error(`${command} was not ready within 20 seconds`);
  }
  return { port, child };
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "close");
}

describe.each(proxies.filter(({ command }) => isInstalled(command)))("behind $name", (proxy) => {
  let server: Server;
  let behind: Awaited<ReturnType<typeof startProxy>>;
  let token: string;
  beforeAll(async () => {
    server = await startServer("sqlite", { TRUST_PROXY: "127.0.0.1", RATE_LIMIT_IP: `${LIMIT}/1m` });
    behind = await startProxy(proxy, Number(new URL(server.api.url).port));
    token = (await send(behind.port, "/auth/login", { from: "127.0.0.9", body: user })).body.token;
  });
  afterAll(async () => {
    await stop(behind.child);
    await server.stop();
  });

  test(`a consume is booked once, with a length or in chunks, behind ${proxy.name}`, async () => {
    for (const isChunked of [false, true]) {
      const before = (await send(behind.port, "/credits/balance", { token })).body.balance;
      const body = { amount: 2, action: "video 视频" };
      expect(await send(behind.port, "/credits/consume", { token, body, isChunked })).toMatchObject({ status: 200 });
      expect((await send(behind.port, "/credits/balance", { token })).body.balance).toBe(before - 2);
    }
  });

  test(`each visitor has a rate limit of their own behind ${proxy.name}`, async () => {
    const call = async (from: string) => (await send(behind.port, "/credits/balance", { from })).status;
    const first = [];
    for (let at = 0; at <= LIMIT; at += 1) first.push(await call("127.0.0.2"));
    expect(first).toEqual([...Array(LIMIT).fill(401), 429]);
    expect(await call("127.0.0.3")).toBe(401);
  });

  test(`the server works under a path prefix behind ${proxy.name}`, async () => {
    expect(await send(behind.port, "/jifen/health")).toMatchObject({ status: 200 });
    const body = { amount: 1, action: "video" };
    expect(await send(behind.port, "/jifen/credits/consume", { token, body })).toMatchObject({ status: 200 });
  });

  test(`kept-alive connections serve many calls, and a body that is too large is refused with 413, behind ${proxy.name}`, async () => {
    const statuses = await Promise.all(
      Array.from({ length: 60 }, async () => (await send(behind.port, "/credits/balance", { token })).status),
    );
    expect(new Set(statuses)).toEqual(new Set([200]));
    const body = { amount: 1, action: "x".repeat(110_000) };
    expect(await send(behind.port, "/credits/consume", { token, body })).toMatchObject({ status: 413 });
  });

  test(`the checks of ${proxy.name} leave the server in service`, async () => {
    // HAProxy checks twice a second, and two failures take the server out.
    await sleep(2_500);
    expect(await send(behind.port, "/readyz")).toMatchObject({ status: 200, body: { status: "ok" } });
  });
});

test.each(["::1", "::"])("HOST=%s listens on IPv6", async (host) => {
  await using api = await startApi({ env: { HOST: host } });
  const port = /\d+$/.exec(api.url)?.[0];
  expect(await callRest(`http://[::1]:${port}`, "GET", "/readyz")).toMatchObject({ status: 200 });
});

test.runIf(isInstalled("systemd-analyze"))("systemd accepts the unit file", () => {
  const root = fileURLToPath(new URL("../../..", import.meta.url)).replace(/\/$/, "");
  const unit = readFileSync(join(root, "ops/systemd/jifen.service"), "utf8").replaceAll("/opt/jifen", root);
  const file = join(createTemporaryFolder(), "jifen.service");
  writeFileSync(file, unit);
  const { status, stderr } = spawnSync("systemd-analyze", ["verify", file], { encoding: "utf8" });
  expect({ status, ofUnit: stderr.split("\n").filter((line) => line.includes("jifen.service")) }).toEqual({
    status: 0,
    ofUnit: [],
  });
});
