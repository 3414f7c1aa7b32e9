import { setTimeout as sleep } from "node:timers/promises";
import { DatabaseUnavailable } from "@jifen/ledger";
import Driver from "better-sqlite3";
import { describe, expect, test } from "vitest";
import { longestBlock } from "./longest-block.ts";
import { newLog, newUserId, storedLog, times } from "./samples.ts";
import { useLogFile } from "./use-log-file.ts";

describe("an SQLite file of logs that another program keeps locked", () => {
  const here = useLogFile();

  /** Locks the file of the logs from another connection. @returns unlocks it */
  const lock = () => {
    const other = new Driver(here.path);
    other.exec("BEGIN IMMEDIATE");
    return () => other.close();
  };

  test("credits are spent and logs are read while the file is locked for two seconds, and the waiting logs are written then", async () => {
    await here.expectUsable();
    const unlock = lock();
    const logs = times(250, () => newLog());
    const written = here.database.logs.write(logs);
    let isUnlocked = false;
    const unlocking = sleep(2_000)
      .then(unlock)
      .then(() => (isUnlocked = true));
    const spending = here.spendUntil(() => isUnlocked);
    const listed = here.database.logs.list({ userId: newUserId() }, 10).then(({ logs: found }) => [isUnlocked, found]);
    expect(await longestBlock(unlocking)).toBeLessThan(1_000);
    const durations = await spending;
    expect(durations.length).toBeGreaterThan(20);
    expect(Math.max(...durations)).toBeLessThan(1_000);
    expect(await listed).toEqual([false, []]);
    expect(await written).toEqual(logs.map(storedLog));
  });

  test("when the lock outlasts the timeout, all waiting logs are refused soon after the first, and later ones are written", async () => {
    await here.expectUsable();
    const unlock = lock();
    const startedAt = performance.now();
    const refused = await Promise.allSettled(times(1_000, () => here.database.logs.write([newLog()])));
    expect(performance.now() - startedAt).toBeLessThan(20_000);
    for (const each of refused)
      expect(each).toMatchObject({ status: "rejected", reason: expect.any(DatabaseUnavailable) });
    await here.spendOnce();
    unlock();
    await here.expectUsable();
  });
});
