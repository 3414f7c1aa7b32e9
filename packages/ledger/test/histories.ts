import { accountId, credits, grantId, holdId, idempotencyKey, transactionId } from "@jifen/core";
import fc from "fast-check";
import type { Command } from "../src/commands/decide.ts";

/** What somebody does at one moment of a history. Few accounts, keys and amounts, so that they meet often. */
export type Happening = {
  readonly kind: Command["kind"] | "settle";
  readonly account: string;
  /** null: under a key of its own. */
  readonly key: string | null;
  readonly amount: number;
  readonly isAll: boolean;
  readonly action: string;
  readonly by: "user" | "service";
  readonly priority: number;
  readonly lifeMs: number | null;
  readonly ttlSeconds: number;
  /** Which of the account's earlier holds or charges it is about. */
  readonly back: number;
  /** Counts those of all accounts, and what cannot be given back. */
  readonly isStranger: boolean;
  /** Sends an earlier command again, as it was or with another amount; null: something new. */
  readonly again: { readonly back: number; readonly amount: number | null } | null;
  readonly msLater: number;
  /** In one transaction with what follows. */
  readonly isTogether: boolean;
};

/** `often` times nothing for every time that there is one. */
const seldom = <Value>(one: fc.Arbitrary<Value>, often: number): fc.Arbitrary<Value | null> =>
  fc.oneof({ weight: often, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: one });

/** One thing that somebody does. Grants are larger than what is spent, or little else would happen. */
const happening = (kind: Happening["kind"]): fc.Arbitrary<Happening> =>
  fc.record({
    kind: fc.constant(kind),
    account: fc.constantFrom(...Array.from({ length: 7 }, () => "user:ann"), "user:bob"),
    key: seldom(fc.constantFrom("a", "b"), 9),
    amount: kind === "grant" ? fc.integer({ min: 1, max: 25 }) : fc.integer({ min: 1, max: 6 }),
    isAll: fc.boolean(),
    action: fc.constantFrom("video", "image"),
    by: fc.constantFrom("service", "service", "service", "service", "service", "service", "service", "user"),
    priority: fc.constantFrom(50, 20, 80),
    lifeMs: fc.constantFrom(null, null, 500, 1_000, 1_500, 3_000, 4_000, 8_000, 0),
    ttlSeconds: fc.constantFrom(4, 1, 2, 8),
    back: fc.nat(3),
    isStranger: fc.constantFrom(false, false, false, false, false, false, false, false, false, true),
    again: seldom(fc.record({ back: fc.nat(6), amount: seldom(fc.integer({ min: 1, max: 3 }), 3) }), 7),
    msLater: fc.constantFrom(0, 0, 0, 0, 0, 1, 499, 500, 1_000, 2_500),
    isTogether: fc.constantFrom(false, false, true),
  });

const often = ["grant", "grant", "grant", "consume", "hold", "hold", "capture", "capture", "refund", "refund"] as const;
const rarely = ["extend", "release", "revoke", "settle"] as const;

/**
 * A history of everything that there is. Without bias: fast-check's liking for small and equal values makes
 * histories in which hardly anything succeeds.
 */
export const histories: fc.Arbitrary<Happening[]> = fc.noBias(
  fc.array(fc.oneof(...[...often, ...rarely].map(happening)), { maxLength: 40, size: "max" }),
);

type Known = { readonly account: string; readonly id: string };

/** What everybody has to begin with. */
export const beginning = (account: string): Command => ({
  kind: "grant",
  accountId: accountId(account),
  transactionId: transactionId(`txn-first-${account}`),
  idempotencyKey: idempotencyKey.ofCaller("first"),
  grantId: grantId(`grant-first-${account}`),
  amount: credits(12),
  source: "initial",
  priority: 50,
  expiresAtMs: 6_000,
  reason: "welcome",
});

/** What has been so far. */
export type Past = {
  readonly nowMs: number;
  readonly commands: readonly Command[];
  /** The holds that there are. */
  readonly holds: readonly Known[];
  /** The lines that commands were answered with. */
  readonly answered: readonly (Known & { readonly isCharge: boolean })[];
};

const nth = <Value>(all: readonly Value[], back: number): Value | undefined => all[Math.max(0, all.length - 1 - back)];

const pick = (all: readonly Known[], { account, back, isStranger }: Happening): string =>
  nth(isStranger ? all : all.filter((each) => each.account === account), back)?.id ?? "that-never-was";

/** The command that is sent; undefined when time is all that passes. */
export function toCommand(is: Happening, past: Past): Command | undefined {
  const step = past.commands.length;
  const executed = is.again && nth(past.commands, is.again.back);
  if (is.again && executed) return repeated(executed, { step, amount: is.again.amount });
  const id = transactionId(`txn-${step}`);
  const frame = {
    accountId: accountId(is.account),
    transactionId: id,
    idempotencyKey: is.key === null ? idempotencyKey.ofTransaction(id) : idempotencyKey.ofCaller(is.key),
  };
  const amount = credits(is.amount);
  const part = is.isAll ? null : amount;
  const about = { holdId: holdId(pick(past.holds, is)), by: is.by };
  const { kind, action, priority, lifeMs, ttlSeconds } = is;
  const expiresAtMs = lifeMs === null ? null : past.nowMs + lifeMs;
  switch (kind) {
    case "grant": {
      const bucket = { grantId: grantId(`grant-${step}`), source: "admin", priority, expiresAtMs } as const;
      return { ...frame, kind, amount, reason: action, ...bucket };
    }
    case "consume":
      return { ...frame, kind, amount, action, metadata: null };
    case "revoke":
      return { ...frame, kind, amount, reason: action };
    case "hold":
      return {
        ...{ ...frame, kind, amount, action, metadata: null, ttlSeconds },
        ...{ holdId: holdId(`hold-${step}`), placedBy: is.by },
      };
    case "extend":
      return { ...frame, ...about, kind, ttlSeconds };
    case "capture":
      return { ...frame, ...about, kind, amount: part };
    case "release":
      return { ...frame, ...about, kind, metadata: null };
    case "refund": {
      const charges = past.answered.filter(({ isCharge }) => isCharge || is.isStranger);
      const chargeId = transactionId(pick(charges, is));
      return { ...frame, kind, chargeId, amount: part, metadata: null };
    }
    case "settle":
      return undefined;
    default:
      return kind satisfies never;
  }
}

/** The same request once more, under ids of its own; with another amount it is another request. */
function repeated(executed: Command, is: { readonly step: number; readonly amount: number | null }): Command {
  const own = { transactionId: transactionId(`txn-${is.step}`) };
  const amount = is.amount === null || !("amount" in executed) ? {} : { amount: credits(is.amount) };
  if (executed.kind === "grant") return { ...executed, ...own, ...amount, grantId: grantId(`grant-${is.step}`) };
  if (executed.kind === "hold") return { ...executed, ...own, ...amount, holdId: holdId(`hold-${is.step}`) };
  return { ...executed, ...own, ...amount };
}
