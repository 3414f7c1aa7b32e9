import { bilingual, type operations, type Refusal } from "@jifen/contract";
import { accountOf, type Outcome, ok, refuse, type UserId } from "@jifen/core";
import { type Database, type LogCounts, MAX_OWNERS, quarterOf, type SpendCounts } from "@jifen/database";
import type { z } from "zod";
import { isoTime } from "../../values/iso-time.ts";
import type { Deps } from "./deps.ts";
import { readStats } from "./read-stats.ts";
import { readStatsRange, type StatsRange } from "./stats-range.ts";
import { StatsSums } from "./stats-sums.ts";

type Input = z.output<typeof operations.adminLogs.stats.input>;
type Output = z.input<typeof operations.adminLogs.stats.output>;

type TopDeps = Pick<Deps, "database" | "nowMs" | "timeZone">;
type Sources = { readonly database: Pick<Database, "logs" | "spend" | "users"> };

/** How many users the answer has. */
const TOP = 100;

type Ranked = { readonly userId: UserId; readonly rank: number };

/**
 * Sums of the users with most calls or credits in a range, and of all. Refuses: VALIDATION_FAILED.
 */
export async function readTopUsers(
  deps: TopDeps,
  { by: _, top = "calls", userId, ...input }: Input,
): Promise<Outcome<Output, Refusal<"VALIDATION_FAILED">>> {
  if (userId !== undefined) return refuse({ code: "VALIDATION_FAILED", issues: [withoutUser] });
  const range = readStatsRange(input, deps.timeZone);
  if (!range.ok) return range;
  const all = await readStats(deps, input, undefined);
  if (!all.ok) return all;
  const [from, to] = [isoTime(range.value.fromMs), isoTime(range.value.toMs)];
  const users = await findTopUsers(deps, { ...queryOf(range.value, input.action), by: top, limit: TOP });
  const spans = users.map(({ userId, sums }) => ({ ...{ from, to, action: null, userId }, ...sums.toOutput() }));
  return ok({ ...all.value, spans });
}

const withoutUser = {
  path: "by",
  message: bilingual({
    zh: "by=user 用于全部用户：请去掉 userId，或去掉 by",
    en: "by=user is for all users; leave out userId, or by",
  }),
};

/** Which sums a range has. */
export const queryOf = ({ fromMs, toMs }: StatsRange, action: string | undefined) => ({
  ...{ fromQuarter: quarterOf(fromMs), toQuarter: quarterOf(toMs), action },
});

type Query = ReturnType<typeof queryOf>;

/** What users are ordered by; `credits`: charged without what was refunded. */
type Order = "calls" | "failures" | "charged" | "credits";

/**
 * The users with most calls or credits, best first; of equals, the lesser id first. Every user is looked at, 200 in a
 * statement, and `limit` are in memory: a statement costs what the sums of its users cost.
 */
export async function findTopUsers(
  deps: Sources,
  { by, limit, ...query }: Query & { readonly by: Order; readonly limit: number },
): Promise<readonly { readonly userId: UserId; readonly sums: StatsSums }[]> {
  const best = await rankUsers(deps, query, { by, limit });
  const sums = await readSums(deps, query, best);
  return best.map((userId) => ({ userId, sums: sums.get(userId) ?? new StatsSums() }));
}

async function rankUsers(
  { database }: Sources,
  query: Query,
  { by, limit }: { readonly by: Order; readonly limit: number },
): Promise<readonly UserId[]> {
  let best: readonly Ranked[] = [];
  for (let after: UserId | undefined; ; ) {
    const users = await database.users.ids(after, MAX_OWNERS);
    const ranked = await ranks[by](database, query, users);
    best = [...best, ...ranked].toSorted(inOrder).slice(0, limit);
    after = users.at(-1);
    if (users.length < MAX_OWNERS) return best.map(({ userId }) => userId);
  }
}

const inOrder = (one: Ranked, other: Ranked): number => other.rank - one.rank || (one.userId < other.userId ? -1 : 1);

type Rank = (database: Sources["database"], query: Query, users: readonly UserId[]) => Promise<readonly Ranked[]>;

const byLogs =
  (of: (sums: LogCounts) => number): Rank =>
  async ({ logs }, query, owners) =>
    (await logs.sumsOfUsers({ ...query, owners })).map((sums) => ({ userId: sums.userId, rank: of(sums) }));

const bySpend =
  (of: (sums: SpendCounts) => number): Rank =>
  async ({ spend }, query, users) => {
    const sums = await spend.sumsOfAccounts({ ...query, owners: users.map(accountOf) });
    const found = new Map(sums.map((each) => [each.accountId, of(each)] as const));
    return users.flatMap((userId) => {
      const rank = found.get(accountOf(userId));
      return rank === undefined ? [] : [{ userId, rank }];
    });
  };

const ranks: Readonly<Record<Order, Rank>> = {
  calls: byLogs(({ calls }) => calls),
  failures: byLogs(({ failures }) => failures),
  charged: bySpend(({ charged }) => charged),
  credits: bySpend(({ charged, refunded }) => charged - refunded),
};

/** Calls and credits of some users. */
async function readSums({ database: { logs, spend } }: Sources, query: Query, users: readonly UserId[]) {
  const [calls, credits] = await Promise.all([
    logs.sumsOfUsers({ ...query, owners: users }),
    spend.sumsOfAccounts({ ...query, owners: users.map(accountOf) }),
  ]);
  return new Map(
    users.map((user) => {
      const sums = new StatsSums();
      for (const each of calls) if (each.userId === user) sums.addLogs(each);
      for (const each of credits) if (each.accountId === accountOf(user)) sums.addSpend(each);
      return [user, sums] as const;
    }),
  );
}
