import type { Setting } from "./settings.ts";
import { quoteName } from "./settings.ts";

/**
 * The ledger finds every row by its key, through array parameters whose length the planner cannot know. By default the
 * planner would scan whole tables, or, without statistics, every row of a busy account. It would also plan each statement
 * again for new arrays, which takes longer than the execution and results in the same plan.
 */
const INDEX_SCANS_ONLY: readonly Setting[] = [
  ["plan_cache_mode", "force_generic_plan"],
  ...["seqscan", "bitmapscan", "hashjoin", "mergejoin"].map((method): Setting => [`enable_${method}`, "off"]),
];

/**
 * Every page of logs is read through the index that gives its order, from partitions that are ranges of that order. By default
 * the planner would read a new, empty partition as a whole and sort, which is cheap until the partition fills.
 */
const INDEX_ORDER_ONLY: readonly Setting[] = [
  ["plan_cache_mode", "force_generic_plan"],
  ...["seqscan", "bitmapscan", "sort", "incremental_sort"].map((method): Setting => [`enable_${method}`, "off"]),
  ["max_parallel_workers_per_gather", "0"],
  ["jit", "off"],
];

/** Citus finds the shards of a statement by its values: it has no generic plan for those that are distributed. */
const CUSTOM_PLANS_ONLY: readonly Setting[] = [["plan_cache_mode", "force_custom_plan"]];

/** Makes the server send warnings, whatever the settings of the database or the role. */
const RECEIVE_WARNINGS: Setting = ["client_min_messages", "warning"];

const timeouts = (lockMs: number, statementMs: number, idleMs: number): readonly Setting[] => [
  ["lock_timeout", String(lockMs)],
  ["statement_timeout", String(statementMs)],
  ["idle_in_transaction_session_timeout", String(idleMs)],
];

/** What the sessions of one database have in common. */
export type SessionSettings = {
  readonly schema: string;
  readonly isPooled: boolean;
  /** The settings of the URL. */
  readonly settings: readonly Setting[];
};

/**
 * The settings of a session, in their order: later ones win.
 * @param use `start`: inspects and migrates, and may take long; `ledger`: uses index scans only; `logs`: sorts nothing
 */
export function sessionSettings(
  { schema, isPooled, settings }: SessionSettings,
  use: "start" | "ledger" | "records" | "logs" | "distributed logs",
): readonly Setting[] {
  return [
    // The session of a pooler has what its other clients left. Without a pooler, an unsafe default is refused at start.
    ...(isPooled ? [["synchronous_commit", "on"] as const] : []),
    ...settings,
    ["search_path", quoteName(schema)],
    RECEIVE_WARNINGS,
    ...(use === "start" ? timeouts(0, 0, 0) : timeouts(3_000, 5_000, 10_000)),
    ...(use === "ledger" ? INDEX_SCANS_ONLY : []),
    ...(use === "logs" ? INDEX_ORDER_ONLY : []),
    ...(use === "distributed logs" ? CUSTOM_PLANS_ONLY : []),
  ];
}
