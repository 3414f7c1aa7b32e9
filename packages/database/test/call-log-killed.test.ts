import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import type { UserId } from "@jifen/core";
import { describeOn } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { describe, expect, test, vi } from "vitest";
import { type CallLog, timeOfId } from "../src/index.ts";
import { quarterOf } from "../src/logs/log-sums.ts";
import { newUserId, times } from "./samples.ts";
import { type InUse, useDatabase } from "./use-database.ts";

const script = fileURLToPath(new URL("write-logs-until-killed.ts", import.meta.url));

/** Writes logs in a process of its own and kills it. @returns the ids that it printed */
async function writeUntilKilled(url: string, users: readonly UserId[]): Promise<readonly string[]> {
  const args = ["--conditions=@jifen/source", script, url, ...users];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  await once(child.stdout, "data");
  await sleep(50 + Math.random() * 200);
  child.kill("SIGKILL");
  await ended;
  return output.split("\n").slice(0, -1);
}

/** The sums of a user by quarter and action: calls, failures, calls with a duration, and the sum of these. */
type Sums = Readonly<Record<string, readonly number[]>>;

async function storedSums({ rows }: InUse, user: UserId): Promise<Sums> {
  const stored = await rows.find("log_rollups", { user_id: user });
  return Object.fromEntries(
    stored.map((row) => [
      `${row["quarter"]} ${row["action"]}`,
      ["calls", "failures", "timed", "duration_sum_ms"].map((column) => Number(row[column])),
    ]),
  );
}

function sumsOfRows(logs: readonly CallLog[]): Sums {
  const sums: Record<string, number[]> = {};
  for (const { countedAtMs, action, success, durationMs } of logs) {
    const key = `${quarterOf(countedAtMs)} ${action}`;
    const added = [1, success ? 0 : 1, durationMs === null ? 0 : 1, durationMs ?? 0];
    sums[key] = added.map((count, at) => count + (sums[key]?.[at] ?? 0));
  }
  return sums;
}

async function everyLog({ database }: InUse, userId: UserId): Promise<readonly CallLog[]> {
  const all: CallLog[] = [];
  for (let beforeId: string | undefined; ; ) {
    const { logs, lastId } = await database.logs.list({ userId, beforeId }, 100);
    all.push(...logs);
    if (lastId === undefined) return all;
    beforeId = lastId;
  }
}

describe.each(["sqlite", "postgresql"] as const)("a process that writes logs to %s and is killed", (kind) => {
  describeOn(kind)("", () => {
    const here = useDatabase(kind);

    test(`a killed process on ${kind} leaves every acknowledged log, and sums that equal the logs`, async () => {
      const users = times(3, () => newUserId());
      const acknowledged = new Set<string>();
      for (let round = 0; round < 5; round += 1) {
        for (const id of await writeUntilKilled(here.url, users)) acknowledged.add(id);
        // A server may still commit the last transaction of the dead process.
        await vi.waitFor(async () => {
          for (const user of users)
            expect(await storedSums(here, user)).toEqual(sumsOfRows(await everyLog(here, user)));
        }, timeLimit(10));
      }
      const stored = (await Promise.all(users.map((user) => everyLog(here, user)))).flat();
      const ids = stored.map(({ id }) => id);
      expect(acknowledged.size).toBeGreaterThan(100);
      expect(new Set(ids).size).toBe(ids.length);
      expect([...acknowledged].filter((id) => !ids.includes(id))).toEqual([]);
      const keyed = await Promise.all(users.map((user) => here.rows.find("log_keys", { user_id: user })));
      expect(keyed.flat().filter((row) => !ids.includes(String(row["log_id"])))).toEqual([]);
      const totals = await here.rows.find("log_totals");
      expect(totals.reduce((sum, row) => sum + Number(row["calls"]), 0)).toBe(stored.length);
      for (const { id, countedAtMs } of stored) expect(timeOfId(id)).toBe(countedAtMs);
    });
  });
});
