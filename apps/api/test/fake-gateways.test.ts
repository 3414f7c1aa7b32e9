import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { openGateways } from "@jifen/gateways";
import { testProcessEnv } from "@jifen/testkit";
import { expect, test } from "vitest";
import { parseSettings } from "../src/settings/settings.ts";

const script = fileURLToPath(new URL("../../../scripts/fake-gateways.ts", import.meta.url));
const channels = ["stripe", "alipay", "wechatpay", "epay"] as const;

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  server.listen(port, "127.0.0.1");
  const isListening = await Promise.race([
    once(server, "listening").then(() => true),
    once(server, "error").then(() => false),
  ]);
  server.close();
  return isListening;
}

/** The first of four free ports in a row, below those that systems give away. */
async function firstOfFreePorts(): Promise<number> {
  for (;;) {
    const first = 10_000 + Math.floor(Math.random() * 10_000);
    const free = await Promise.all(channels.map((_, at) => isFree(first + at)));
    if (free.every(Boolean)) return first;
  }
}

test("the settings that fake-gateways prints set up every channel, whose fake answers a signed request", async () => {
  const env = { PATH: process.env["PATH"], ...testProcessEnv, FAKE_GATEWAYS_PORT: String(await firstOfFreePorts()) };
  const child = spawn(process.execPath, ["--conditions=@jifen/source", script], {
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  try {
    const printed: Record<string, string> = {};
    for await (const line of createInterface(child.stdout)) {
      const [, name, value] = /^([A-Z_\d]+)=(.*)$/.exec(line) ?? [];
      if (name !== undefined) printed[name] = `${value}`;
      if (line.startsWith("# Pay at")) break;
    }
    const settings = parseSettings({ env: printed, workingDirectory: "/", readFile: () => "" });
    const gateways = await openGateways({ ...settings, demo: undefined });
    expect([...gateways.keys()].toSorted()).toEqual(channels.toSorted());
    for (const [channel, gateway] of gateways) {
      expect([channel, gateway.live]).toEqual([channel, false]);
      const findings = await gateway.examine(Date.now());
      expect([channel, findings]).toMatchObject([channel, findings.map(() => ({ isGood: true }))]);
      expect(findings.length).toBeGreaterThan(0);
    }
  } finally {
    child.kill();
  }
});
