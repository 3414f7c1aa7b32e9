import {
  accountId,
  credits,
  grantId,
  type HoldId,
  holdId,
  type IdempotencyKey,
  idempotencyKey,
  type Owner,
  ownerOf,
  type TransactionId,
  transactionId,
  userId,
} from "@jifen/core";
import type { CommandOutcome, CommandResult } from "../src/batch-state.ts";
import type { CaptureHold } from "../src/commands/capture.ts";
import type { Consume } from "../src/commands/consume.ts";
import type { ExtendHold } from "../src/commands/extend.ts";
import type { GrantCredits } from "../src/commands/grant.ts";
import type { PlaceHold } from "../src/commands/hold.ts";
import type { Refund } from "../src/commands/refund.ts";
import type { ReleaseHold } from "../src/commands/release.ts";
import type { Revoke } from "../src/commands/revoke.ts";
import type { Hold } from "../src/hold.ts";

/** The account of most tests. */
export const ann = accountId("user:ann");
/** Another account. */
export const bob = accountId("user:bob");

/** The owner of the service keys of a shop. */
export const shop: Owner = ownerOf("service", userId("shop"));
/** Ann in person. */
export const annInPerson: Owner = ownerOf("user", userId("ann"));
/** The owner of service keys that ann made herself. */
export const annsService: Owner = ownerOf("service", userId("ann"));
/** The author of most commands: the shop, in one request. */
export const byShop = { actor: "key:shop-1", requestId: "request-1" };

/** The key of a caller. */
export const key = (text: string): IdempotencyKey => idempotencyKey.ofCaller(text);

let created = 0;

/** The base of a command on ann's account with a unique key. */
function commandBase() {
  created += 1;
  const id = transactionId(`txn-${created}`);
  return { accountId: ann, ...byShop, transactionId: id, idempotencyKey: idempotencyKey.ofTransaction(id) };
}

/** Builders of commands on ann's account; `fields` overrides the defaults. */
export const grantCredits = (amount: number, fields: Partial<GrantCredits> = {}): GrantCredits => {
  const base = commandBase();
  const id = grantId(`grant-${created}`);
  const grantFields = { source: "admin", priority: 50, expiresAtMs: null, reason: "welcome" } as const;
  return { ...base, kind: "grant", grantId: id, amount: credits(amount), ...grantFields, ...fields };
};

export const consumeCredits = (amount: number, fields: Partial<Consume> = {}): Consume => ({
  ...commandBase(),
  kind: "consume",
  amount: credits(amount),
  action: "video",
  metadata: null,
  ...fields,
});

export const revokeCredits = (amount: number, fields: Partial<Revoke> = {}): Revoke => ({
  ...commandBase(),
  kind: "revoke",
  amount: credits(amount),
  reason: "a mistake",
  grantId: null,
  atMost: false,
  ...fields,
});

export const hold = (amount: number, fields: Partial<PlaceHold> = {}): PlaceHold => {
  const base = commandBase();
  const holdFields = { placedBy: shop, action: "render", metadata: '{"frames":24}', ttlSeconds: 60 } as const;
  return {
    ...base,
    kind: "hold",
    holdId: holdId(`hold-${created}`),
    amount: credits(amount),
    ...holdFields,
    ...fields,
  };
};

export const extend = (id: HoldId, ttlSeconds: number, fields: Partial<ExtendHold> = {}): ExtendHold => ({
  ...commandBase(),
  kind: "extend",
  holdId: id,
  by: shop,
  resolvesUnowned: true,
  ttlSeconds,
  ...fields,
});

/** Captures all of the hold when `amount` is null. */
export const capture = (id: HoldId, amount: number | null, fields: Partial<CaptureHold> = {}): CaptureHold => ({
  ...commandBase(),
  kind: "capture",
  holdId: id,
  by: shop,
  resolvesUnowned: true,
  amount: amount === null ? null : credits(amount),
  metadata: null,
  ...fields,
});

export const release = (id: HoldId, fields: Partial<ReleaseHold> = {}): ReleaseHold => ({
  ...commandBase(),
  kind: "release",
  holdId: id,
  by: shop,
  resolvesUnowned: true,
  metadata: null,
  ...fields,
});

/** Refunds the rest of the charge when `amount` is null. */
export const refund = (id: TransactionId, amount: number | null, fields: Partial<Refund> = {}): Refund => ({
  ...commandBase(),
  kind: "refund",
  chargeId: id,
  amount: amount === null ? null : credits(amount),
  metadata: null,
  ...fields,
});

/** The result of a successful command. @throws Error when it was refused. */
export function unwrap(outcome: CommandOutcome | undefined): CommandResult {
  if (!outcome?.ok) throw new Error(`refused: ${JSON.stringify(outcome?.refusal)}`);
  return outcome.value;
}

/** The hold of a successful command. @throws Error when there is none. */
export function unwrapHold(outcome: CommandOutcome | undefined): Hold {
  const { hold: found } = unwrap(outcome);
  if (!found) throw new Error("the result has no hold");
  return found;
}

/** The refusal of a command; undefined when it was successful. */
export const refusalOf = (outcome: CommandOutcome | undefined) => (outcome?.ok === false ? outcome.refusal : undefined);
