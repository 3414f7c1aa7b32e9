import { isDeepStrictEqual } from "node:util";
import type { KnownLog, LogHistory } from "./log-history.ts";
import { type Reader, readList, type ShownLog } from "./read-logs.ts";

/**
 * Compares the lists of one user with what the clients know: each acknowledged log is there exactly once, as it was sent, and
 * there is no log that was not sent. @returns the logs of the user, newest first, and the findings
 */
export async function checkLists(reader: Reader, history: LogHistory) {
  const { email } = reader.user;
  const all = await readList(reader, { limit: "37" });
  const known = history.logs.filter(({ log }) => log.user.email === email);
  const findings = [...checkOrder(all, email), ...checkStored(all, known), ...(await checkFilters(reader, all))];
  return { all, findings };
}

function checkOrder(all: readonly ShownLog[], email: string): readonly string[] {
  const ids = all.map(({ logId }) => logId);
  const findings: string[] = [];
  if (new Set(ids).size !== ids.length) findings.push(`the list of ${email} shows a log twice`);
  if (!isDeepStrictEqual(ids, ids.toSorted().toReversed())) findings.push(`the list of ${email} is not newest first`);
  return findings;
}

function checkStored(all: readonly ShownLog[], known: readonly KnownLog[]): readonly string[] {
  const stored = Map.groupBy(all, ({ reference }) => reference ?? "");
  const sent = new Set(known.map(({ log }) => log.reference));
  const invented = all.filter(({ reference }) => !sent.has(reference ?? ""));
  return [
    ...invented.map(({ logId }) => `${logId} was never sent`),
    ...known.flatMap((each) => checkLog(each, stored.get(each.log.reference) ?? [])),
  ];
}

function checkLog({ log, logId, sentMs, answeredMs }: KnownLog, rows: readonly ShownLog[]): readonly string[] {
  const { reference } = log;
  const [row, ...others] = rows;
  if (others.length > 0) return [`${reference} is stored ${rows.length} times`];
  if (!row) return logId === undefined ? [] : [`${reference} was acknowledged as ${logId} and is not stored`];
  if (logId !== undefined && row.logId !== logId) return [`${reference} is ${row.logId}, acknowledged as ${logId}`];
  const timestamp = new Date(log.timestampMs).toISOString();
  const { userId, action, success, durationMs, details } = row;
  const isSame =
    isDeepStrictEqual(
      [userId, action, success, durationMs, details, row.timestamp],
      [log.user.email, log.action, log.success, log.durationMs, log.details, timestamp],
    ) && isCountedRight();
  return isSame ? [] : [`${reference} was sent as ${JSON.stringify({ ...log, user: 0 })}: ${JSON.stringify(row)}`];

  function isCountedRight(): boolean {
    const countedMs = Date.parse(row?.countedAt ?? "");
    if (log.countsAtTimestamp) return countedMs === log.timestampMs;
    // Without an answer, its arrival is not known.
    return countedMs >= sentMs && (logId === undefined || countedMs <= answeredMs);
  }
}

const filters: readonly { readonly query: Readonly<Record<string, string>>; matches(log: ShownLog): boolean }[] = [
  { query: { action: "三维" }, matches: ({ action }) => action === "三维" },
  { query: { success: "false" }, matches: ({ success }) => !success },
  { query: { success: "true", action: "video" }, matches: ({ success, action }) => success && action === "video" },
  { query: { text: "只猫" }, matches: ({ details }) => JSON.stringify(details).includes("只猫") },
  { query: { text: "50%_", success: "false" }, matches: ({ details, success }) => !success && has(details, "50%_") },
];

const has = (details: unknown, text: string) => JSON.stringify(details).includes(text);

async function checkFilters(reader: Reader, all: readonly ShownLog[]): Promise<readonly string[]> {
  const findings: string[] = [];
  for (const { query, matches } of filters) {
    const [found, expected] = [await readList(reader, { ...query, limit: "11" }), all.filter(matches)];
    if (!isDeepStrictEqual(found.map(toId), expected.map(toId))) {
      const name = `${JSON.stringify(query)} of ${reader.user.email}`;
      findings.push(`the list by ${name} has ${found.length} logs instead of ${expected.length}, or another order`);
    }
  }
  return findings;
}

const toId = ({ logId }: ShownLog) => logId;
