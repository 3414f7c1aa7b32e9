/** Writes logs until the process is killed. Prints the ids of the logs that were acknowledged. */
import { userId } from "@jifen/core";
import { openDatabase } from "../src/index.ts";
import { newLog, times } from "./samples.ts";

const [url = "", ...users] = process.argv.slice(2);
const database = await openDatabase(url, { migrate: false });

/** Every third log has a key, and some keys come again. */
async function writeOne(user: string, n: number): Promise<void> {
  const [log] = await database.logs.write([
    newLog(userId(user), {
      idempotencyKey: n % 3 === 0 ? `${process.pid} ${n % 50}` : null,
      action: n % 2 === 0 ? "video" : "image",
      success: n % 5 !== 0,
      durationMs: n % 4 === 0 ? null : n,
    }),
  ]);
  process.stdout.write(`${log?.id}\n`);
}

for (let round = 0; ; round += 1)
  await Promise.all(times(60, (n) => writeOne(users[n % users.length] ?? "", round + n)));
