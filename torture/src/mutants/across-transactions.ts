import { ledger, postgresql } from "./edits.ts";
import type { Mutant } from "./mutant.ts";

/** Tables have nets of their own below the code. Where one would catch a bug before it shows, it is taken away too. */
const withoutUniqueKeys = postgresql(
  "prepare.ts",
  "await client.query(sql);",
  'await client.query(sql.replace("UNIQUE INDEX transactions_key", "INDEX transactions_key"));',
);

const withoutUniqueNumbers = postgresql(
  "prepare.ts",
  "await client.query(sql);",
  'await client.query(sql.replace("PRIMARY KEY (account_id, sequence)", "PRIMARY KEY (account_id, id)"));',
);

/** An account's row may have any number by now, and be due whenever. */
const anyNumber = [
  postgresql(
    "ledger-rows.ts",
    "old.id = new.id AND old.sequence = new.sequence_before\n    AND old.next_due_ms IS NOT DISTINCT FROM new.due_before",
    "old.id = new.id",
  ),
];

/** Bugs in keys, in entries and in what is answered when. */
export const acrossTransactions: readonly Mutant[] = [
  {
    name: "a caller's key is ignored",
    check: "model on sqlite",
    edits: [
      ledger(
        "ledger.ts",
        "input.idempotencyKey ?? idempotencyKey.ofTransaction(id)",
        "idempotencyKey.ofTransaction(id)",
      ),
    ],
  },
  {
    name: "another request under a known key gets the first one's answer",
    check: "model on sqlite",
    edits: [ledger("commands/decide.ts", "!isSameRequest(at.executed, requestOf(command))", "false")],
  },
  {
    name: "keys are looked up before the accounts",
    check: "meetings",
    edits: [
      postgresql(
        "ledger-rows.ts",
        "const [joined, belonging] = await Promise.all([",
        "const first = await readNamed(client, names);\n  const [joined, belonging] = await Promise.all([",
      ),
      postgresql(
        "ledger-rows.ts",
        "readNamed(client, names),\n  ]);\n  const draft = new SnapshotDraft({ ...joined, ...belonging }, known);",
        "first,\n  ]);\n  const draft = new SnapshotDraft({ ...joined, ...belonging }, known);",
      ),
      withoutUniqueKeys,
    ],
  },
  {
    name: "what was read while somebody else was writing is taken for a book in disorder",
    check: "meetings",
    edits: [postgresql("attempt.ts", "ahead ? decideAhead(decide, snapshot) : decide(snapshot)", "decide(snapshot)")],
  },
  {
    name: "accounts are written whatever their number is now",
    check: "meetings",
    edits: [...anyNumber, withoutUniqueNumbers],
  },
  {
    name: "accounts that others change are read without a lock all the same",
    check: "model on postgresql",
    edits: [postgresql("ledger-rows.ts", "ORDER BY id FOR UPDATE", "ORDER BY id"), ...anyNumber, withoutUniqueNumbers],
  },
  {
    name: "a refusal is believed that stands on what is remembered",
    check: "meetings",
    edits: [postgresql("attempt.ts", "if (isRecalled && !decision.isVerifiedByWrite) return undefined;", "")],
  },
  {
    name: "what is remembered is kept when its write was overtaken",
    check: "meetings",
    edits: [
      postgresql("ledger-store.ts", "memory.forget(work.names.accountIds);", ""),
      postgresql("ledger-store.ts", 'way = recalled ? "ahead" : "locks";', 'way = recalled ? "memory" : "locks";'),
      postgresql("ledger-store.ts", "careful[way] = CAREFUL_COMMITS[way];", ""),
    ],
  },
  {
    name: "what is due by now is remembered as if it were not",
    check: "model on postgresql",
    edits: [
      postgresql("account-cache.ts", "dueMs > nowMs + TOLERANCE_MS", "dueMs > 0"),
      postgresql("ledger-rows.ts", "\n    AND old.next_due_ms IS NOT DISTINCT FROM new.due_before", ""),
    ],
  },
  {
    name: "the answer is given before COMMIT",
    check: "model on postgresql",
    edits: [
      postgresql(
        "attempt.ts",
        "clock.heard(ahead ? await writeAlone(client, write) : await writeAndCommit(client, write));",
        "void (ahead ? writeAlone(client, write) : writeAndCommit(client, write)).catch(() => 0);",
      ),
    ],
  },
  {
    name: "a COMMIT that nobody answered is taken for one that did not happen",
    check: "faults",
    edits: [
      postgresql(
        "attempt.ts",
        'new OutcomeUnknown("COMMIT was sent and not answered"',
        'new DatabaseUnavailable("COMMIT was sent and not answered"',
      ),
    ],
  },
  {
    name: "a batch whose COMMIT was not answered is done again under new keys",
    check: "faults",
    edits: [
      ledger(
        "group-commit.ts",
        'const outcomes = await attempt("later").catch((later: unknown) => later);',
        `const renamed = commands.map((it) => ({ ...it, idempotencyKey: \`\${it.idempotencyKey}-again\` as never,
          transactionId: \`\${it.transactionId}-again\` as never }));
        const outcomes = await this.#deps.store.commit(readSetOf(renamed, "later"), (it) => decideBatch(renamed, it)).catch((later: unknown) => later);`,
      ),
    ],
  },
  {
    name: "what came without a key is done again when its COMMIT was not answered",
    check: "faults",
    edits: [ledger("group-commit.ts", 'await attempt("later")', 'await attempt("first")')],
  },
  {
    name: "a refused command takes its neighbours down",
    check: "model on sqlite",
    edits: [
      ledger(
        "batch-state.ts",
        "if (!outcome.ok) return outcome;",
        "if (!outcome.ok) throw new Error(outcome.refusal.code);",
      ),
    ],
  },
  {
    name: "a refused command forgets that time has ended something",
    check: "model on sqlite",
    edits: [
      ledger(
        "batch-state.ts",
        "if (posted.state !== state) this.#keep(posted);",
        "if (false as boolean) this.#keep(posted);",
      ),
    ],
  },
  {
    name: "a look at the balance joins one that has been sent",
    check: "model on postgresql",
    edits: [
      ledger(
        "balance-reader.ts",
        "      const batch = next;\n      next = new Map();\n      await readAll(batch);",
        "      const batch = next;\n      await readAll(batch);\n      next = new Map();",
      ),
    ],
  },
];
