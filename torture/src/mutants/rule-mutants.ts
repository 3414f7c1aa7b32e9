import { ledger, postgresql } from "./edits.ts";
import type { Mutant } from "./mutant.ts";

const changePendingHold = (pattern: string, replacement: string) =>
  ledger("commands/pending-hold.ts", { within: "findPendingHold", pattern, replacement });

const changeRefund = (pattern: string, replacement: string) =>
  ledger("commands/refund.ts", { within: "refund", pattern, replacement });

const changeRelease = (pattern: string, replacement: string) =>
  ledger("commands/release.ts", { within: "releaseHold", pattern, replacement });

const changeRevoke = (pattern: string, replacement: string) =>
  ledger("commands/revoke.ts", { within: "revoke", pattern, replacement });

/** Bugs in the ledger's rules. */
export const ruleMutants: readonly Mutant[] = [
  {
    id: "hold-captured-twice",
    description: "a hold can be captured twice",
    check: "model on sqlite",
    edits: [
      changePendingHold(
        'hold.state !== "pending"',
        'hold.state !== "pending" && !(hold.state === "captured" && "amount" in command)',
      ),
    ],
  },
  {
    id: "captured-hold-released",
    description: "a captured hold can be released",
    check: "model on sqlite",
    edits: [
      changePendingHold(
        'hold.state !== "pending"',
        'hold.state !== "pending" && !(hold.state === "captured" && "metadata" in command && !("amount" in command))',
      ),
    ],
  },
  {
    id: "holder-not-checked",
    description: "every kind of caller can resolve a hold",
    check: "model on sqlite",
    edits: [changePendingHold("!isHolder(command, hold)", "hold.placedBy === null")],
  },
  {
    id: "hold-owner-not-checked",
    description: "another owner of the same kind can resolve a hold",
    check: "model on sqlite",
    edits: [
      ledger("commands/pending-hold.ts", {
        within: "isHolder",
        pattern: "placedBy === by",
        replacement: "holderKindOf(placedBy) === holderKindOf(by)",
      }),
    ],
  },
  {
    id: "entry-without-actor",
    description: "a refund is written without its actor",
    check: "model on sqlite",
    edits: [
      ledger("posting.ts", {
        within: "toEntry",
        pattern: "({ actor: at.actor })",
        selector: "pair",
        replacement: 'actor: entry.kind === "refund" ? null : at.actor',
      }),
    ],
  },
  {
    id: "author-of-other-command",
    description: "the entries of a transaction have the author of its first command",
    check: "model on sqlite",
    edits: [
      ledger("batch-state.ts", {
        within: "run",
        pattern: "decide(command, $POSTED, $CONTEXT)",
        replacement: `decide(
          { ...command, requestId: this.#entries.find(({ actor }) => actor !== "system")?.requestId ?? command.requestId },
          $POSTED,
          $CONTEXT,
        )`,
      }),
    ],
  },
  {
    id: "revocation-of-grant-takes-from-others",
    description: "a revocation from one grant takes in spending order",
    check: "model on sqlite",
    edits: [changeRevoke("allocate(grants, amount)", "allocate(posted.state.grants, amount)")],
  },
  {
    id: "revocation-all-or-nothing",
    description: "a revocation of at most an amount is refused when there is less",
    check: "model on sqlite",
    edits: [
      ledger("commands/revoke.ts", {
        within: "mayTakeLess",
        pattern: "command.atMost && $REST",
        replacement: "!command.atMost && $REST",
      }),
    ],
  },
  {
    id: "capture-metadata-ignored",
    description: "a capture is written with the metadata of its hold",
    check: "model on sqlite",
    edits: [
      ledger("commands/capture.ts", {
        within: "captureHold",
        pattern: "command.metadata ?? hold.metadata",
        replacement: "hold.metadata",
      }),
    ],
  },
  {
    id: "capture-keeps-rest",
    description: "a partial capture does not release the rest",
    check: "model on sqlite",
    edits: [
      ledger("commands/capture.ts", {
        within: "captureHold",
        pattern: "released === 0",
        replacement: "released >= 0",
      }),
    ],
  },
  {
    id: "refund-exceeds-charge",
    description: "a refund can exceed its charge",
    check: "model on sqlite",
    edits: [changeRefund("amount > left || left === 0", "left === 0")],
  },
  {
    id: "earlier-refunds-ignored",
    description: "a refund ignores earlier refunds",
    check: "model on sqlite",
    edits: [
      changeRefund(
        "const { entry: charge, refunds } = at.charge;",
        "const { entry: charge } = at.charge; const refunds: readonly Entry[] = [];",
      ),
    ],
  },
  {
    id: "refund-order-reversed",
    description: "a refund returns to the grant taken from first",
    check: "model on sqlite",
    edits: [changeRefund("$ALLOCATIONS.toReversed()", "$ALLOCATIONS")],
  },
  {
    id: "release-to-other-grant",
    description: "a release returns to another grant",
    check: "model on sqlite",
    edits: [
      changeRelease(
        "const { amount, action, allocations } = hold;",
        `const { amount, action } = hold;
        const last = posted.state.grants.at(-1)?.id ?? hold.allocations[0]?.grantId as never;
        const allocations = [{ grantId: last, amount }];`,
      ),
    ],
  },
  {
    id: "expired-grant-spendable",
    description: "an expired grant can be spent for two hours",
    check: "model on sqlite",
    edits: [
      ledger("grant.ts", {
        within: "isExpired",
        pattern: "expiresAtMs <= nowMs",
        replacement: "expiresAtMs <= nowMs - 7_200_000",
      }),
    ],
  },
  {
    id: "expired-on-return-kept",
    description: "credits returned to an expired grant stay in the balance",
    check: "model on sqlite",
    edits: [changeRelease("expireGrants($POSTED, context)", "$POSTED")],
  },
  {
    id: "sequence-gap",
    description: "a number of the sequence is skipped",
    check: "model on sqlite",
    edits: [
      ledger("posting.ts", {
        within: "post",
        pattern: "account.sequence + 1",
        replacement: 'account.sequence + (entry.kind === "refund" ? 2 : 1)',
      }),
    ],
  },
  {
    id: "extend-entry-wrong-balance",
    description: "the entry of an extend has a wrong balance",
    check: "model on sqlite",
    edits: [
      ledger("posting.ts", {
        within: "toEntry",
        pattern: "({ balanceAfter: account.balance })",
        selector: "pair",
        replacement: 'balanceAfter: credits(account.balance + (entry.kind === "extend" ? 1 : 0))',
      }),
    ],
  },
  {
    id: "expired-hold-charged",
    description: "an expired hold is charged",
    check: "model on sqlite",
    edits: [
      ledger("expirations.ts", {
        within: "expireHold",
        pattern: '({ kind: "release" })',
        selector: "pair",
        replacement: 'kind: "capture"',
      }),
    ],
  },
  {
    id: "process-clock-used",
    description: "holds expire by the clock of the process",
    check: "model on postgresql",
    edits: [
      postgresql("ledger-rows.ts", {
        within: "readPessimistically",
        pattern: "Number(time[0]?.now_ms)",
        replacement: "Date.now() + 0 * time.length",
      }),
      postgresql("ledger-rows.ts", {
        within: "joinedRows",
        pattern: "Number(rows[0]?.[0])",
        replacement: "Date.now()",
      }),
    ],
  },
  {
    id: "hold-expiry-not-tracked",
    description: "a hold does not move the account's next expiry forward",
    check: "model on sqlite",
    edits: [
      ledger("expirations.ts", {
        within: "withHold",
        pattern: "firstExpiryMs($OPEN, $NEXT)",
        replacement: "$NEXT ?? hold.expiresAtMs",
      }),
    ],
  },
  {
    id: "other-holds-expiry-ignored",
    description: "the next expiry ignores the holds that are not in the snapshot",
    check: "model on sqlite",
    edits: [
      ledger("expirations.ts", {
        within: "applyExpirations",
        pattern: "firstExpiryMs($STATE, $OTHERS)",
        replacement: "firstExpiryMs($STATE, $OTHERS === 0 ? 0 : null)",
      }),
    ],
  },
];
