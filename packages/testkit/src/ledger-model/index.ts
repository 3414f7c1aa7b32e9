/** The independent model of the ledger: it shares no rule with the ledger's code, so that a bug in one shows in the other. */
export { auditRows } from "./audit-rows.ts";
export { type Execution, ModelAccount } from "./model-account.ts";
export type { Allocation, ModelEntry, ModelOutcome, ModelRequest, Refusal } from "./requests.ts";
export type { AccountRow, GrantRow, HoldRow, JournalRow, Rows } from "./rows.ts";
