import type { Bench } from "../bench.ts";
import type { Kind } from "../databases.ts";
import { askLogs } from "./raw-logs.ts";

/** Checks that every log is in the sums of its user and in those of all users, once. */
export async function checkLogs({ report }: Bench, kind: Kind, url: string): Promise<void> {
  const ask = (sql: string) => askLogs(kind, url, sql);
  // Only logs with a key: one of the baselines inserts rows alone.
  const keys = await ask("SELECT count(*) FROM log_keys");
  const rows = await ask(
    "SELECT count(*) FROM call_logs l WHERE EXISTS (SELECT 1 FROM log_keys k WHERE k.user_id = l.user_id AND k.log_id = l.id)",
  );
  const [ofUsers, ofAll] = [
    await ask("SELECT sum(calls) FROM log_rollups"),
    await ask("SELECT sum(calls) FROM log_totals"),
  ];
  if (rows !== keys || ofUsers !== keys || ofAll !== keys) {
    report.finding(`${kind}: ${keys} keys, ${rows} logs, ${ofUsers} in the sums of users, ${ofAll} in those of all`);
  }
}
