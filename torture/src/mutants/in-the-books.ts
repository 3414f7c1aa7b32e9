import { ledger, postgresql } from "./edits.ts";
import type { Mutant } from "./mutant.ts";

/** Bugs in what is booked. */
export const inTheBooks: readonly Mutant[] = [
  {
    name: "a hold can be captured twice",
    check: "model on sqlite",
    edits: [
      ledger(
        "commands/pending-hold.ts",
        'if (hold.state !== "pending") {',
        'if (hold.state !== "pending" && !(hold.state === "captured" && "amount" in command)) {',
      ),
    ],
  },
  {
    name: "a captured hold can be released",
    check: "model on sqlite",
    edits: [
      ledger(
        "commands/pending-hold.ts",
        'if (hold.state !== "pending") {',
        'if (hold.state !== "pending" && !(hold.state === "captured" && "metadata" in command)) {',
      ),
    ],
  },
  {
    name: "anybody may resolve a hold",
    check: "model on sqlite",
    edits: [ledger("commands/pending-hold.ts", "if (hold.placedBy !== command.by)", "if (hold.placedBy === null)")],
  },
  {
    name: "a capture does not free the rest",
    check: "model on sqlite",
    edits: [ledger("commands/capture.ts", "released === 0\n", "released >= 0\n")],
  },
  {
    name: "a refund may exceed its charge",
    check: "model on sqlite",
    edits: [ledger("commands/refund.ts", "if (amount > left || left === 0) {", "if (left === 0) {")],
  },
  {
    name: "a refund forgets the refunds before it",
    check: "model on sqlite",
    edits: [
      ledger(
        "commands/refund.ts",
        "const { entry: charge, refunds } = at.charge;",
        "const { entry: charge } = at.charge;\n  const refunds: readonly Entry[] = [];",
      ),
    ],
  },
  {
    name: "a refund gives back to the first grant first",
    check: "model on sqlite",
    edits: [
      ledger(
        "commands/refund.ts",
        "remainingAllocations(charge.allocations, refundedAllocations).toReversed()",
        "remainingAllocations(charge.allocations, refundedAllocations)",
      ),
    ],
  },
  {
    name: "a release gives back to another grant",
    check: "model on sqlite",
    edits: [
      ledger(
        "commands/release.ts",
        "const { amount, action, allocations } = hold;",
        "const { amount, action } = hold;\n  const allocations = [{ grantId: posted.state.grants.at(-1)?.id ?? hold.allocations[0]?.grantId as never, amount }];",
      ),
    ],
  },
  {
    name: "what expired long ago can still be spent",
    check: "model on sqlite",
    edits: [
      ledger(
        "grant.ts",
        "expiresAtMs !== null && expiresAtMs <= nowMs",
        "expiresAtMs !== null && expiresAtMs <= nowMs - 7_200_000",
      ),
    ],
  },
  {
    name: "what comes back to an expired grant stays in the balance",
    check: "model on sqlite",
    edits: [
      ledger(
        "commands/release.ts",
        "return ok(expireGrants(post({ ...posted, state: withHold(posted.state, resolved) }, entry, context), context));",
        "return ok(post({ ...posted, state: withHold(posted.state, resolved) }, entry, context));",
      ),
    ],
  },
  {
    name: "a number is left out of the sequence",
    check: "model on sqlite",
    edits: [
      ledger(
        "posting.ts",
        "sequence: account.sequence + 1,",
        'sequence: account.sequence + (entry.kind === "refund" ? 2 : 1),',
      ),
    ],
  },
  {
    name: "an extend's line says another balance",
    check: "model on sqlite",
    edits: [
      ledger(
        "posting.ts",
        "balanceAfter: account.balance,",
        'balanceAfter: credits(account.balance + (entry.kind === "extend" ? 1 : 0)),',
      ),
    ],
  },
  {
    name: "a hold that expires is charged",
    check: "model on sqlite",
    edits: [ledger("expirations.ts", 'kind: "release",', 'kind: "capture",')],
  },
  {
    name: "a hold expires by the server's clock",
    check: "model on postgresql",
    edits: [
      postgresql(
        "ledger-rows.ts",
        "const nowMs = Number(time[0]?.now_ms);",
        "const nowMs = Date.now() + 0 * time.length;",
      ),
      postgresql("ledger-rows.ts", "return { nowMs: Number(rows[0]?.[0]),", "return { nowMs: Date.now(),"),
      postgresql("bulk.ts", `abs(\${now} - $1::bigint) < \${TOLERANCE_MS}`, "$1::bigint > 0"),
    ],
  },
  {
    name: "a hold does not bring the account's next moment forward",
    check: "model on sqlite",
    edits: [
      ledger(
        "expirations.ts",
        "nextExpiryMs: firstExpiryMs({ grants: [], holds: [hold] }, state.account.nextExpiryMs)",
        "nextExpiryMs: state.account.nextExpiryMs ?? hold.expiresAtMs",
      ),
    ],
  },
  {
    name: "the holds that are not shown are forgotten when the next moment is looked for",
    check: "model on sqlite",
    edits: [
      ledger(
        "expirations.ts",
        "firstExpiryMs(afterGrants.state, afterGrants.state.otherHoldsExpiryMs)",
        "firstExpiryMs(afterGrants.state, afterGrants.state.otherHoldsExpiryMs === 0 ? 0 : null)",
      ),
    ],
  },
];
