import { ledger, postgresql } from "./edits.ts";
import type { Mutant } from "./mutant.ts";

const changeMigration = (from: string, to: string) =>
  postgresql("migrate.ts", {
    within: "migrationConnection",
    pattern: "await client.query(text)",
    replacement: `await client.query(text.replace("${from}", "${to}"))`,
  });

/** Database constraints are a second defence. A mutant that they would catch before the check removes them too. */
const withoutUniqueKeys = changeMigration("UNIQUE INDEX transactions_key", "INDEX transactions_key");
const withoutUniqueSequences = changeMigration("PRIMARY KEY (account_id, sequence)", "PRIMARY KEY (account_id, id)");

/** The write accepts any sequence and any next expiry of the account's row. */
const withoutRowCondition = postgresql("ledger-statements.ts", {
  within: "createWrites",
  pattern: 'updateOf("a", accountChange, $OPTIONS)',
  replacement: 'updateOf("a", accountChange, { table: of("accounts"), keyColumns: 3, where: "old.id = new.id" })',
});

/** Bugs in keys, in transactions, and in the time of answers. */
export const transactionMutants: readonly Mutant[] = [
  {
    id: "caller-key-ignored",
    description: "the caller's key is ignored",
    check: "model on sqlite",
    edits: [
      ledger("ledger.ts", {
        within: "createLedger",
        pattern: "$KEY ?? idempotencyKey.ofTransaction(id)",
        replacement: "idempotencyKey.ofTransaction(id)",
      }),
    ],
  },
  {
    id: "reused-key-replayed",
    description: "another request with a used key gets the first one's result",
    check: "model on sqlite",
    edits: [
      ledger("commands/decide.ts", {
        within: "decide",
        pattern: "isSameRequest(executed, requestOf(command))",
        replacement: "true",
      }),
    ],
  },
  {
    id: "keys-read-before-accounts",
    description: "keys are read before the accounts",
    check: "interleavings",
    edits: [
      postgresql("ledger-rows.ts", {
        within: "readOptimistically",
        pattern: "const $ROWS = await Promise.all([$ACCOUNTS, readNamed(session, reads)])",
        replacement:
          "const first = await readNamed(session, reads); const $ROWS = await Promise.all([$ACCOUNTS, first]);",
      }),
      withoutUniqueKeys,
    ],
  },
  {
    id: "inconsistent-read-not-retried",
    description: "an inconsistent optimistic read is reported as an inconsistent ledger",
    check: "interleavings",
    edits: [
      postgresql("attempt.ts", {
        within: "attemptOn",
        pattern: "$OPTIMISTIC ? decideOptimistically(decide, snapshot) : decide(snapshot)",
        replacement: "decide(snapshot)",
      }),
    ],
  },
  {
    id: "account-condition-missing",
    description: "accounts are written whatever their sequence is",
    check: "interleavings",
    edits: [withoutRowCondition, withoutUniqueSequences],
  },
  {
    id: "lock-missing",
    description: "accounts are read without a lock after a conflict",
    check: "model on postgresql",
    edits: [
      postgresql("ledger-statements.ts", {
        within: "createReads",
        pattern: 'named("lock-accounts", $SQL)',
        replacement: (matched) => matched.replace("FOR UPDATE", ""),
      }),
      withoutRowCondition,
      withoutUniqueSequences,
    ],
  },
  {
    id: "answer-before-commit",
    description: "the answer is sent before COMMIT",
    check: "model on postgresql",
    edits: [
      postgresql("attempt.ts", {
        within: "attemptOn",
        pattern: "await commitWrites(client, $WRITES)",
        replacement: "void commitWrites(client, $WRITES).catch(() => 0)",
      }),
    ],
  },
  {
    id: "unknown-outcome-as-no-effect",
    description: "a COMMIT without an answer is reported as no effect",
    check: "faults",
    edits: [
      postgresql("attempt.ts", {
        within: "unanswered",
        pattern: "new OutcomeUnknown($MESSAGE, $OPTIONS)",
        replacement: "new DatabaseUnavailable($MESSAGE, $OPTIONS)",
      }),
    ],
  },
  {
    id: "retry-with-new-keys",
    description: "a batch whose COMMIT was not answered is retried with new keys",
    check: "faults",
    edits: [
      ledger("group-commit.ts", {
        within: "#commitOrRetry",
        pattern: 'const $OUTCOMES = await attempt("later").catch($HANDLER)',
        replacement: `const renamed = commands.map((it) => ({ ...it, idempotencyKey: \`\${it.idempotencyKey}-again\` as never,
          transactionId: \`\${it.transactionId}-again\` as never }));
        const $OUTCOMES = await this.#deps.store
          .commit(readSetOf(renamed, "later"), (it) => decideBatch(renamed, it)).catch($HANDLER);`,
      }),
    ],
  },
  {
    id: "derived-keys-not-looked-up",
    description: "a command without a key takes effect twice when its COMMIT was not answered",
    check: "faults",
    edits: [
      ledger("group-commit.ts", {
        within: "#commitOrRetry",
        pattern: 'attempt("later")',
        replacement: 'attempt("first")',
      }),
    ],
  },
  {
    id: "refusal-fails-batch",
    description: "a refused command fails its whole batch",
    check: "model on sqlite",
    edits: [
      ledger("batch-state.ts", {
        within: "run",
        pattern: "if (!outcome.ok) return",
        replacement: "if (!outcome.ok) throw new Error(outcome.refusal.code); else if (!outcome.ok) return",
      }),
    ],
  },
  {
    id: "refusal-drops-expirations",
    description: "the expirations before a refused command are not written",
    check: "model on sqlite",
    edits: [
      ledger("batch-state.ts", {
        within: "applyExpirations",
        pattern: "if ($CHANGED) this.#keep(posted);",
        replacement: "if (false as boolean) this.#keep(posted);",
      }),
    ],
  },
  {
    id: "extra-writes-dropped",
    description: "the extra writes of a command are not written",
    check: "model on sqlite",
    edits: [
      ledger("batch-state.ts", {
        within: "run",
        pattern: "this.#addExtraWrites(command.extra(entry))",
        replacement: "undefined",
      }),
    ],
  },
  {
    id: "extra-writes-on-replay",
    description: "a replay writes its extra writes again",
    check: "model on sqlite",
    edits: [
      ledger("batch-state.ts", {
        within: "run",
        pattern: "if (posted) { $KEEP; if (command.extra) $ADD; }",
        replacement: "if (posted) { $KEEP; } if (command.extra) { $ADD; }",
      }),
    ],
  },
  {
    id: "staff-event-lost",
    description: "a revocation by staff is written without its audit event",
    check: "faults",
    edits: [
      ledger("batch-state.ts", {
        within: "run",
        pattern: "if (command.extra) $ADD;",
        replacement: 'if (command.extra && command.kind !== "revoke") $ADD;',
      }),
    ],
  },
  {
    id: "balance-read-joins-sent-read",
    description: "a balance read joins a read that was sent before",
    check: "model on postgresql",
    edits: [
      ledger("balance-reader.ts", { within: "drain", pattern: "next = new Map()", replacement: "undefined" }),
      ledger("balance-reader.ts", {
        within: "drain",
        pattern: "await readAll(batch)",
        replacement: "await readAll(batch); next = new Map()",
      }),
    ],
  },
];
