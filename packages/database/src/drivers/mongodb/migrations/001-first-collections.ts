import {
  boolean,
  type CollectionSchema,
  idOf,
  integer,
  oneOf,
  orNull,
  text,
  validatorOf,
} from "../collection-schema.ts";

/** The account stands in the id and beside it: a collection is distributed by the one, and unique by the other. */
const sameAccount = { $eq: ["$_id.account_id", "$account_id"] };
const sameUser = { $eq: ["$_id.user_id", "$user_id"] };
const moment = integer();
/** Every text and no null: an index over these leaves out what has none. */
const isText = { $gte: "" };

/** What the ledger keeps. */
const ledger: readonly CollectionSchema[] = [
  {
    name: "accounts",
    validator: validatorOf({
      _id: text,
      balance: integer(0),
      held: integer(0),
      sequence: integer(0),
      next_due_ms: orNull(moment),
    }),
    indexes: [{ name: "due", key: { next_due_ms: 1 }, partialFilterExpression: { next_due_ms: { $gte: 0 } } }],
  },
  {
    name: "grants",
    validator: validatorOf(
      {
        _id: idOf({ account_id: text, id: text }),
        account_id: text,
        source: text,
        amount: integer(1),
        remaining: integer(0),
        priority: integer(),
        expires_at_ms: orNull(moment),
        created_at_ms: moment,
      },
      sameAccount,
      { $lte: ["$remaining", "$amount"] },
    ),
    indexes: [{ name: "open", key: { account_id: 1 }, partialFilterExpression: { remaining: { $gt: 0 } } }],
  },
  {
    name: "holds",
    validator: validatorOf(
      {
        _id: idOf({ account_id: text, id: text }),
        account_id: text,
        placed_by: text,
        action: text,
        metadata: orNull(text),
        amount: integer(1),
        shares: text,
        state: text,
        captured: integer(0),
        released: integer(0),
        expired: integer(0),
        expires_at_ms: moment,
        created_at_ms: moment,
        resolved_at_ms: orNull(moment),
      },
      sameAccount,
      {
        $eq: [
          { $add: ["$captured", "$released", "$expired"] },
          { $cond: [{ $eq: ["$state", "pending"] }, 0, "$amount"] },
        ],
      },
    ),
    indexes: [
      {
        name: "pending",
        key: { account_id: 1, expires_at_ms: 1 },
        partialFilterExpression: { state: "pending" },
      },
    ],
  },
  {
    // A line's key is in its id: what was done under a key is found by it, and is there once, for ever.
    name: "transactions",
    validator: validatorOf(
      {
        _id: idOf({ account_id: text, idempotency_key: text }),
        account_id: text,
        sequence: integer(1),
        id: text,
        kind: text,
        amount: integer(0),
        action: text,
        metadata: orNull(text),
        terms: orNull(text),
        subject_id: orNull(text),
        debit: text,
        credit: text,
        balance_after: integer(0),
        held_after: integer(0),
        shares: text,
        lapsed: integer(0),
        expires_at_ms: orNull(moment),
        created_at_ms: moment,
      },
      sameAccount,
      { $or: [{ $gt: ["$amount", 0] }, { $eq: ["$kind", "extend"] }] },
      { $ne: ["$debit", "$credit"] },
      { $lte: ["$lapsed", "$balance_after"] },
    ),
    indexes: [
      { name: "number", key: { account_id: 1, sequence: 1 }, unique: true },
      // Ids grow with time: new ones go to the index's right edge.
      { name: "id", key: { id: 1 } },
      { name: "about", key: { subject_id: 1, sequence: 1 }, partialFilterExpression: { subject_id: isText } },
    ],
  },
  {
    // What the self-checks of the books found.
    name: "audit_runs",
    validator: validatorOf({
      _id: text,
      started_at_ms: moment,
      finished_at_ms: moment,
      accounts: integer(0),
      transactions: integer(0),
      differences: integer(0),
    }),
    indexes: [],
  },
];

/** Who there is, and what they may do. */
const identity: readonly CollectionSchema[] = [
  {
    name: "users",
    validator: validatorOf({
      _id: text,
      email: text,
      name: text,
      password_hash: orNull(text),
      role: oneOf("user", "support", "finance", "admin"),
      token_version: integer(1),
      sessions_ended_at_ms: moment,
      suspended_at_ms: orNull(moment),
      deleted_at_ms: orNull(moment),
      created_at_ms: moment,
    }),
    indexes: [{ name: "role", key: { role: 1, _id: 1 } }],
  },
  {
    // Whoever changes something that spans several documents takes a turn in one that all of them share.
    name: "turns",
    validator: validatorOf({ _id: text, taken: integer(1) }),
    indexes: [],
  },
  {
    // Sessions that were ended one by one, until they would have ended anyway.
    name: "ended_tokens",
    validator: validatorOf({ _id: idOf({ user_id: text, jti: text }), user_id: text, expires_at_ms: moment }, sameUser),
    indexes: [{ name: "user", key: { user_id: 1, expires_at_ms: 1 } }],
  },
  {
    // The newest link of each purpose, and nothing that would open it.
    name: "one_time_links",
    validator: validatorOf(
      {
        _id: idOf({ user_id: text, purpose: text }),
        user_id: text,
        secret_hash: text,
        payload: orNull(text),
        expires_at_ms: moment,
        created_at_ms: moment,
      },
      sameUser,
    ),
    indexes: [],
  },
  {
    name: "service_keys",
    validator: validatorOf({
      _id: text,
      owner_id: text,
      name: text,
      scopes: text,
      secret_hash: text,
      previous_hash: orNull(text),
      previous_until_ms: orNull(moment),
      created_by: text,
      created_at_ms: moment,
      expires_at_ms: orNull(moment),
      revoked_at_ms: orNull(moment),
      last_used_at_ms: orNull(moment),
    }),
    indexes: [{ name: "owner", key: { owner_id: 1, created_at_ms: -1, _id: -1 } }],
  },
  {
    // Who did what to whom. Ids grow with time.
    name: "audit_events",
    validator: validatorOf({
      _id: text,
      at_ms: moment,
      actor: text,
      action: text,
      subject: text,
      reason: orNull(text),
      details: orNull(text),
      request_id: orNull(text),
    }),
    indexes: [
      { name: "actor", key: { actor: 1, _id: 1 } },
      { name: "subject", key: { subject: 1, _id: 1 } },
    ],
  },
  {
    // What is counted against whom, where several servers count together. Losing it harms nobody.
    name: "counters",
    validator: validatorOf({ _id: text, points: integer(), expires_at_ms: moment }),
    indexes: [],
  },
  {
    name: "logs",
    validator: validatorOf(
      {
        _id: idOf({ user_id: text, id: text }),
        user_id: text,
        idempotency_key: orNull(text),
        action: text,
        details: text,
        success: boolean,
        occurred_at_ms: moment,
        created_at_ms: moment,
      },
      sameUser,
    ),
    indexes: [
      {
        name: "key",
        key: { user_id: 1, idempotency_key: 1 },
        unique: true,
        partialFilterExpression: { idempotency_key: isText },
      },
    ],
  },
];

/** Everything there is at first. */
export const firstCollections: readonly CollectionSchema[] = [...ledger, ...identity];
