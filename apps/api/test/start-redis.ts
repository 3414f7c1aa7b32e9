import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import type { Readable } from "node:stream";

/** Whether redis-server is not installed. CI installs it, and fails without. */
export const isRedisMissing: boolean = !process.env["CI"] && spawnSync("redis-server", ["--version"]).status !== 0;
if (isRedisMissing) process.stderr.write("SKIPPED: what servers share in Redis; redis-server is not installed\n");

/** A Redis that keeps nothing on disk. */
export type RedisServer = ChildProcessByStdio<null, Readable, null>;

/** Starts a Redis on a port of this machine. */
export async function startRedis(port: number): Promise<RedisServer> {
  const options = ["--port", String(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"];
  const started = spawn("redis-server", options, { stdio: ["ignore", "pipe", "ignore"] });
  for await (const line of started.stdout.iterator({ destroyOnReturn: false })) {
    if (String(line).includes("Ready to accept connections")) {
      started.stdout.resume();
      return started;
    }
  }
  throw new Error("redis-server did not start");
}
