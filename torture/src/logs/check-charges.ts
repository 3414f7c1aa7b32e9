import { isDeepStrictEqual } from "node:util";
import type { LogHistory } from "./log-history.ts";
import { type Reader, readList, type ShownLog } from "./read-logs.ts";

/**
 * Checks that each log shows what the ledger has of its charge, and none of another user, whatever its details claim. Staff
 * read the logs of two users that name one charge on the same page.
 */
export async function checkCharges(
  staff: Reader,
  history: LogHistory,
  logs: readonly ShownLog[],
): Promise<readonly string[]> {
  const findings = logs.flatMap((log) => checkCharge(log, history));
  const named = new Set(history.logs.flatMap(({ log }) => log.transactionId ?? []));
  for (const transactionId of [...named].slice(0, 40)) {
    const shown = await readList(staff, { transactionId, limit: "100" }, "/admin/logs");
    if (shown.length === 0) findings.push(`no log of ${transactionId} is in the list of staff`);
    findings.push(...shown.flatMap((log) => checkCharge(log, history)));
  }
  return findings;
}

function checkCharge({ reference, userId, charge }: ShownLog, { logs, charges }: LogHistory): readonly string[] {
  const named = logs.find(({ log }) => log.reference === reference)?.log.transactionId ?? null;
  const known = named === null ? undefined : charges.get(named);
  const isOwn = known?.account === `user:${userId}`;
  const expected =
    named !== null && known && isOwn
      ? {
          ...{ transactionId: named, kind: "consume", amount: known.amount },
          ...{ refunded: known.refunded, net: known.amount - known.refunded },
        }
      : null;
  return isDeepStrictEqual(charge, expected)
    ? []
    : [`${reference} of ${userId} shows ${JSON.stringify(charge)} instead of ${JSON.stringify(expected)}`];
}
