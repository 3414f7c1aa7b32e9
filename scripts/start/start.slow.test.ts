// Expected duration: 120 s on two cores.

import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eventually, freePort } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, expect, test } from "vitest";
import { files, root } from "../../test/tidy/sources.ts";

/** `npm start` in the folder, until the server is ready. */
async function start(
  folder: string,
  port: number,
): Promise<{ readonly output: string; stop(): Promise<void>; stopNpm(signal: NodeJS.Signals): Promise<void> }> {
  const { NODE_OPTIONS: _, ...environment } = process.env;
  const env = {
    ...environment,
    NODE_ENV: "development",
    PORT: String(port),
    USER_WHITELIST: "me@example.com:a-password-of-mine",
  };
  const child: ChildProcess = spawn("npm", ["start"], {
    ...{ cwd: folder, env, detached: true },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = new Promise<number | null>((resolve) => child.on("exit", resolve));
  let output = "";
  await new Promise<void>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      output += chunk.toString();
      if (output.includes("is ready")) resolve();
    };
    child.stdout?.on("data", read);
    child.stderr?.on("data", read);
    void exited.then(() => reject(new Error(output)));
  });
  const end = async (processes: number, signal: NodeJS.Signals) => {
    process.kill(processes, signal);
    await exited;
    // npm can end before the server, which still has its port and its data then.
    await eventually(() => expect(fetch(`http://127.0.0.1:${port}/livez`)).rejects.toThrow());
  };
  const npm = Number(child.pid);
  return {
    output,
    // To the whole group, as a terminal does.
    stop: () => end(-npm, "SIGTERM"),
    stopNpm: (signal) => end(npm, signal),
  };
}

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "jifen-start-"));
  for (const file of files) cpSync(join(root, file), join(folder, file));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("a fresh copy starts with npm start alone, the second start neither installs nor builds, and the server ends with npm", {
  timeout: timeLimit(600),
}, async () => {
  const port = await freePort();
  const first = await start(folder, port);
  expect(first.output).toMatch(/Installing[\s\S]*Building/);
  expect(first.output).toContain(`http://localhost:${port}/console/`);
  expect(first.output).toMatch(new RegExp(`\\n +http://localhost:${port}/link#first-admin\\.`));
  expect(first.output).toContain(join(folder, "data/jifen.db"));
  expect(first.output).not.toMatch(/not found|WARN|approve|skills/i);
  expect(existsSync(join(folder, "node_modules/vitest"))).toBe(false);
  await first.stop();
  const second = await start(folder, port);
  expect(second.output).not.toMatch(/Installing|Building/);
  const page = await fetch(`http://127.0.0.1:${port}/console/`);
  expect([page.status, page.headers.get("content-type")]).toEqual([200, expect.stringContaining("text/html")]);
  // The client of a server that was built without checking types is that of the tested build, byte for byte.
  const archive = await fetch(`http://127.0.0.1:${port}/client.tgz`);
  const packed = execFileSync(process.execPath, ["scripts/pack-client.ts", folder], { cwd: root, encoding: "utf8" });
  expect(archive.status).toBe(200);
  expect(Buffer.from(await archive.arrayBuffer()).equals(readFileSync(packed.trim()))).toBe(true);
  // A supervisor that stops npm alone must not leave a server behind, which would keep the port and the data.
  await second.stopNpm("SIGTERM");
  const third = await start(folder, port);
  await third.stopNpm("SIGKILL");
});
