import { api, database, postgresql } from "./edits.ts";
import type { Mutant } from "./mutant.ts";

const changeSteps = (pattern: string, replacement: string) =>
  database("logs/insert-in-steps.ts", { within: "insertInSteps", pattern, replacement });

/** Bugs in the call log. */
export const logMutants: readonly Mutant[] = [
  {
    id: "log-sums-outside-transaction",
    description: "the sums of a batch of logs are written after its transaction",
    check: "logs on mysql",
    edits: [
      changeSteps(
        "if (counted.length > 0) await tx.addSums($SUMS);",
        "if (counted.length > 0) setTimeout(() => void tx.addSums($SUMS).catch(() => 0), 5);",
      ),
    ],
  },
  {
    id: "log-replay-counted",
    description: "a log that is stored already is added to the sums again",
    check: "logs on sqlite",
    edits: [
      changeSteps("fresh.filter(({ id }) => ids.has(id))", "logs"),
      changeSteps("fresh.length === 0", "logs.length === 0"),
    ],
  },
  {
    id: "log-acknowledged-before-commit",
    description: "a log is acknowledged before COMMIT",
    check: "logs on postgresql",
    edits: [
      postgresql("logs/insert-logs.ts", {
        within: "insertingTogether",
        pattern: "const { rows } = await client.query<{ id: string }>(insertTogether(batch)).catch(undecided);",
        replacement: "const rows: { id: string }[] = []; void client.query(insertTogether(batch)).catch(() => 0);",
      }),
    ],
  },
  {
    id: "log-cursor-inclusive",
    description: "a page of logs begins with the last log of the page before",
    check: "logs on sqlite",
    edits: [
      database("logs/log-reads.ts", {
        within: "planOf",
        pattern: 'condition("id < ?", beforeId)',
        replacement: 'condition("id <= ?", beforeId)',
      }),
    ],
  },
  {
    id: "log-days-in-utc",
    description: "days of all time zones begin at midnight in UTC",
    check: "logs on sqlite",
    edits: [
      database("logs/local-sums.ts", {
        within: "unitExpression",
        pattern: "offsets.at(-1)?.offsetSeconds ?? 0",
        replacement: "0",
      }),
      database("logs/local-sums.ts", {
        within: "unitExpression",
        pattern: "[untilQuarter, offsetSeconds]",
        replacement: "[untilQuarter, 0]",
      }),
    ],
  },
  {
    id: "log-sums-by-hour",
    description: "the sums of logs are by hours instead of quarters of an hour",
    check: "logs on sqlite",
    edits: [
      database("logs/log-sums.ts", {
        within: "quarterOf",
        pattern: "Math.floor(timeMs / QUARTER_MS)",
        replacement: "Math.floor(timeMs / QUARTER_MS / 4) * 4",
      }),
    ],
  },
  {
    id: "log-claimed-cost-shown",
    description: "a log shows the amount that its details claim",
    check: "logs on sqlite",
    edits: [
      api("modules/logs/to-log.ts", {
        within: "toLogOutput",
        pattern: "({ amount: charge.entry.amount })",
        selector: "pair",
        replacement: 'amount: JSON.parse(log.details ?? "{}").amount ?? charge.entry.amount',
      }),
    ],
  },
  {
    id: "log-foreign-charge-shown",
    description: "a log shows the charge of another user that it names",
    check: "logs on sqlite",
    edits: [
      api("modules/logs/named-in-logs.ts", {
        within: "nameIn",
        pattern: "(accountId: AccountId, id: string) => $NAME",
        replacement: "(_: AccountId, id: string) => id",
      }),
    ],
  },
];
