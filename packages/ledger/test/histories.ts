import {
  accountId,
  credits,
  grantId,
  holdId,
  idempotencyKey,
  type Owner,
  ownerOf,
  transactionId,
  userId,
} from "@jifen/core";
import fc from "fast-check";
import type { Command } from "../src/commands/decide.ts";

/** One step of a history. Few accounts, keys and amounts, so that steps conflict often. */
export type Step = {
  readonly kind: Command["kind"] | "processExpirations";
  readonly account: string;
  /** null: without a caller's key. */
  readonly key: string | null;
  readonly amount: number;
  readonly isAll: boolean;
  /** A revocation takes from one grant only, which `back` names, and at most its amount. */
  readonly ofGrant: boolean;
  readonly atMost: boolean;
  readonly metadata: string | null;
  readonly action: string;
  readonly by: Owner;
  readonly priority: number;
  readonly lifeMs: number | null;
  readonly ttlSeconds: number;
  /** Which of the account's earlier holds or charges it refers to, counted from the last. */
  readonly back: number;
  /** Refers to those of all accounts, and to entries that are no charges. */
  readonly ofAnyAccount: boolean;
  /** Repeats an earlier command, unchanged or with another amount; null: a new command. */
  readonly repeats: { readonly back: number; readonly amount: number | null } | null;
  readonly msLater: number;
  /** In one transaction with the next step. */
  readonly sharesTransactionWithNext: boolean;
};

/** The owners of the histories: mostly the shop, another service, and the user in person. */
const [shop, rival, person] = [
  ownerOf("service", userId("shop")),
  ownerOf("service", userId("ann")),
  ownerOf("user", userId("ann")),
];

/** Null `weight` times for every other value. */
const rarelyNonNull = <Value>(arbitrary: fc.Arbitrary<Value>, weight: number): fc.Arbitrary<Value | null> =>
  fc.oneof({ weight, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

/** A step of one kind. Grants are larger than charges, so that most charges succeed. */
const stepOf = (kind: Step["kind"]): fc.Arbitrary<Step> =>
  fc.record({
    kind: fc.constant(kind),
    account: fc.constantFrom(...Array.from({ length: 7 }, () => "user:ann"), "user:bob"),
    key: rarelyNonNull(fc.constantFrom("a", "b"), 9),
    amount: kind === "grant" ? fc.integer({ min: 1, max: 25 }) : fc.integer({ min: 1, max: 6 }),
    isAll: fc.boolean(),
    ofGrant: fc.boolean(),
    atMost: fc.boolean(),
    metadata: fc.constantFrom(null, '{"seconds":5}', '{"seconds":6}'),
    action: fc.constantFrom("video", "image"),
    by: fc.constantFrom(shop, shop, shop, shop, shop, shop, shop, shop, rival, person),
    priority: fc.constantFrom(50, 20, 80),
    lifeMs: fc.constantFrom(null, null, 500, 1_000, 1_500, 3_000, 4_000, 8_000, 0),
    ttlSeconds: fc.constantFrom(4, 1, 2, 8),
    back: fc.nat(3),
    ofAnyAccount: fc.constantFrom(false, false, false, false, false, false, false, false, false, true),
    repeats: rarelyNonNull(fc.record({ back: fc.nat(6), amount: rarelyNonNull(fc.integer({ min: 1, max: 3 }), 3) }), 7),
    msLater: fc.constantFrom(0, 0, 0, 0, 0, 1, 499, 500, 1_000, 2_500),
    sharesTransactionWithNext: fc.constantFrom(false, false, true),
  });

const common = [
  "grant",
  "grant",
  "grant",
  "consume",
  "hold",
  "hold",
  "capture",
  "capture",
  "refund",
  "refund",
] as const;
const rare = ["extend", "release", "revoke", "revoke", "processExpirations"] as const;

/**
 * Histories with every kind of command. Without bias, because fast-check's preference for small and equal values makes
 * histories in which most commands are refused.
 */
export const histories: fc.Arbitrary<Step[]> = fc.noBias(
  fc.array(fc.oneof(...[...common, ...rare].map(stepOf)), { maxLength: 40, size: "max" }),
);

type Known = { readonly account: string; readonly id: string };

/** The first grant of an account. */
export const initialGrant = (account: string): Command => ({
  kind: "grant",
  accountId: accountId(account),
  actor: "system",
  requestId: null,
  transactionId: transactionId(`txn-first-${account}`),
  idempotencyKey: idempotencyKey.ofCaller("first"),
  grantId: grantId(`grant-first-${account}`),
  amount: credits(12),
  source: "initial",
  priority: 50,
  expiresAtMs: 6_000,
  reason: "welcome",
});

/** The history so far. */
export type Past = {
  readonly nowMs: number;
  readonly commands: readonly Command[];
  /** All grants. */
  readonly grants: readonly Known[];
  /** All holds. */
  readonly holds: readonly Known[];
  /** The own entries of all commands. */
  readonly entries: readonly (Known & { readonly isCharge: boolean })[];
};

const nth = <Value>(all: readonly Value[], back: number): Value | undefined => all[Math.max(0, all.length - 1 - back)];

const pick = (all: readonly Known[], { account, back, ofAnyAccount }: Step): string =>
  nth(ofAnyAccount ? all : all.filter((each) => each.account === account), back)?.id ?? "does-not-exist";

/** The command of a step; undefined for a step that only processes expirations. */
export function toCommand(step: Step, past: Past): Command | undefined {
  const position = past.commands.length;
  const executed = step.repeats && nth(past.commands, step.repeats.back);
  if (step.repeats && executed) return repeated(executed, { position, amount: step.repeats.amount });
  const id = transactionId(`txn-${position}`);
  const base = {
    accountId: accountId(step.account),
    actor: step.by,
    requestId: `request-${position}`,
    transactionId: id,
    idempotencyKey: step.key === null ? idempotencyKey.ofTransaction(id) : idempotencyKey.ofCaller(step.key),
  };
  const amount = credits(step.amount);
  const part = step.isAll ? null : amount;
  const holdFields = { holdId: holdId(pick(past.holds, step)), by: step.by, resolvesUnowned: false };
  const { kind, action, priority, lifeMs, ttlSeconds } = step;
  const expiresAtMs = lifeMs === null ? null : past.nowMs + lifeMs;
  switch (kind) {
    case "grant": {
      const grantFields = { grantId: grantId(`grant-${position}`), source: "admin", priority, expiresAtMs } as const;
      return { ...base, kind, amount, reason: action, ...grantFields };
    }
    case "consume":
      return { ...base, kind, amount, action, metadata: null };
    case "revoke": {
      const ofGrant = step.ofGrant ? grantId(pick(past.grants, step)) : null;
      return { ...base, kind, amount, reason: action, grantId: ofGrant, atMost: step.atMost };
    }
    case "hold":
      return {
        ...{ ...base, kind, amount, action, metadata: null, ttlSeconds },
        ...{ holdId: holdId(`hold-${position}`), placedBy: step.by },
      };
    case "extend":
      return { ...base, ...holdFields, kind, ttlSeconds };
    case "capture":
      return { ...base, ...holdFields, kind, amount: part, metadata: step.metadata };
    case "release":
      return { ...base, ...holdFields, kind, metadata: null };
    case "refund": {
      const charges = past.entries.filter(({ isCharge }) => isCharge || step.ofAnyAccount);
      const chargeId = transactionId(pick(charges, step));
      return { ...base, kind, chargeId, amount: part, metadata: null };
    }
    case "processExpirations":
      return undefined;
    default:
      return kind satisfies never;
  }
}

/** An earlier request with new ids; with another amount it is another request. */
function repeated(executed: Command, repeat: { readonly position: number; readonly amount: number | null }): Command {
  const newId = { transactionId: transactionId(`txn-${repeat.position}`) };
  const amount = repeat.amount === null || !("amount" in executed) ? {} : { amount: credits(repeat.amount) };
  if (executed.kind === "grant")
    return { ...executed, ...newId, ...amount, grantId: grantId(`grant-${repeat.position}`) };
  if (executed.kind === "hold") return { ...executed, ...newId, ...amount, holdId: holdId(`hold-${repeat.position}`) };
  return { ...executed, ...newId, ...amount };
}
