import type { Bench } from "../bench.ts";
import { openRawLogs, type SqlKind } from "./raw-logs.ts";

type Checked = {
  readonly kind: SqlKind;
  readonly url: string;
  readonly which: "all" | "keyed";
  readonly removed?: number;
};

/**
 * Checks that every log is in the sums of its user and in those of all users, once.
 * @param which `keyed`: only logs with a key, because a baseline inserted rows alone
 * @param removed how many logs were removed since: their sums stay
 */
export async function checkLogs({ report }: Bench, { kind, url, which, removed = 0 }: Checked): Promise<void> {
  const raw = await openRawLogs(kind, url);
  const isKeyed = "EXISTS (SELECT 1 FROM log_keys k WHERE k.user_id = l.user_id AND k.log_id = l.id)";
  const rows = await raw.ask(`SELECT count(*) FROM call_logs l ${which === "keyed" ? `WHERE ${isKeyed}` : ""}`);
  const [keys, ofUsers, ofAll] = [
    await raw.ask("SELECT count(*) FROM log_keys"),
    await raw.ask("SELECT sum(calls) FROM log_rollups"),
    await raw.ask("SELECT sum(calls) FROM log_totals"),
  ];
  await raw.close();
  const sentence = `${kind}: ${rows} logs, ${keys} keys, ${ofUsers} in the sums of users, ${ofAll} in those of all`;
  const areKept = which === "all" || keys === rows;
  const counted = rows + removed;
  if (areKept && ofUsers === counted && ofAll === counted) report.progress(`  ${sentence}`);
  else report.finding(sentence);
}
