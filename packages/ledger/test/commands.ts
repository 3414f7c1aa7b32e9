import {
  accountId,
  credits,
  grantId,
  type HoldId,
  holdId,
  type IdempotencyKey,
  idempotencyKey,
  type TransactionId,
  transactionId,
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

/** Whose credits most sentences are about. */
export const ann = accountId("user:ann");
/** Somebody else. */
export const bob = accountId("user:bob");

/** The key that a caller sent. */
export const key = (text: string): IdempotencyKey => idempotencyKey.ofCaller(text);

let made = 0;

/** A command of ann's under a key of its own. */
function frame() {
  made += 1;
  const id = transactionId(`txn-${made}`);
  return { accountId: ann, transactionId: id, idempotencyKey: idempotencyKey.ofTransaction(id) };
}

/** Commands of ann's; what a sentence cares about stands in `is`. */
export const give = (amount: number, is: Partial<GrantCredits> = {}): GrantCredits => {
  const own = frame();
  const id = grantId(`grant-${made}`);
  const bucket = { source: "admin", priority: 50, expiresAtMs: null, reason: "a gift" } as const;
  return { ...own, kind: "grant", grantId: id, amount: credits(amount), ...bucket, ...is };
};

export const spend = (amount: number, is: Partial<Consume> = {}): Consume => ({
  ...frame(),
  kind: "consume",
  amount: credits(amount),
  action: "video",
  metadata: null,
  ...is,
});

export const take = (amount: number, is: Partial<Revoke> = {}): Revoke => ({
  ...frame(),
  kind: "revoke",
  amount: credits(amount),
  reason: "a mistake",
  ...is,
});

export const hold = (amount: number, is: Partial<PlaceHold> = {}): PlaceHold => {
  const own = frame();
  const job = { placedBy: "service", action: "render", metadata: '{"frames":24}', ttlSeconds: 60 } as const;
  return { ...own, kind: "hold", holdId: holdId(`hold-${made}`), amount: credits(amount), ...job, ...is };
};

export const extend = (id: HoldId, ttlSeconds: number, is: Partial<ExtendHold> = {}): ExtendHold => ({
  ...frame(),
  kind: "extend",
  holdId: id,
  by: "service",
  ttlSeconds,
  ...is,
});

/** `amount` null is all of it. */
export const capture = (id: HoldId, amount: number | null, is: Partial<CaptureHold> = {}): CaptureHold => ({
  ...frame(),
  kind: "capture",
  holdId: id,
  by: "service",
  amount: amount === null ? null : credits(amount),
  ...is,
});

export const release = (id: HoldId, is: Partial<ReleaseHold> = {}): ReleaseHold => ({
  ...frame(),
  kind: "release",
  holdId: id,
  by: "service",
  metadata: null,
  ...is,
});

/** `amount` null is all that is left of it. */
export const refund = (id: TransactionId, amount: number | null, is: Partial<Refund> = {}): Refund => ({
  ...frame(),
  kind: "refund",
  chargeId: id,
  amount: amount === null ? null : credits(amount),
  metadata: null,
  ...is,
});

/** What was done. @throws when it was refused. */
export function done(answer: CommandOutcome | undefined): CommandResult {
  if (!answer?.ok) throw new Error(`refused: ${JSON.stringify(answer?.refusal)}`);
  return answer.value;
}

/** The hold that a done command was about. @throws when there is none. */
export function holdOf(answer: CommandOutcome | undefined): Hold {
  const { hold: found } = done(answer);
  if (!found) throw new Error("the answer is about no hold");
  return found;
}

/** What it was refused for; undefined when it was done. */
export const refusal = (answer: CommandOutcome | undefined) => (answer?.ok === false ? answer.refusal : undefined);
