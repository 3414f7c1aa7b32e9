import { type Outcome, ok, refuse } from "@jifen/core";
import { isSameRequest, type Request, type Transaction } from "../entry.ts";
import type { Posted } from "../posting.ts";
import { type CaptureHold, type CaptureRefusal, captureHold, captureTerms } from "./capture.ts";
import { type Consume, consume, type InsufficientCredits } from "./consume.ts";
import { type ExtendHold, extendHold, extendTerms } from "./extend.ts";
import { type GrantCredits, type GrantRefusal, grant, grantTerms } from "./grant.ts";
import { holdTerms, type PlaceHold, placeHold } from "./hold.ts";
import type { HoldRefusal } from "./pending-hold.ts";
import { type Charge, type Refund, type RefundRefusal, refund, refundTerms } from "./refund.ts";
import { type ReleaseHold, releaseHold, releaseTerms } from "./release.ts";
import { type Revoke, revoke } from "./revoke.ts";

/** Everything that moves credits and somebody asks for; what time does by itself is in due.ts. */
export type Command = Consume | GrantCredits | PlaceHold | ExtendHold | CaptureHold | ReleaseHold | Refund | Revoke;

type Refusals = {
  consume: InsufficientCredits;
  grant: GrantRefusal;
  hold: InsufficientCredits;
  extend: HoldRefusal;
  capture: CaptureRefusal;
  release: HoldRefusal;
  refund: RefundRefusal;
  revoke: InsufficientCredits;
};

/** What a command can be refused for. */
export type CommandRefusal<Kind extends Command["kind"] = Command["kind"]> =
  | Refusals[Kind]
  | { code: "IDEMPOTENCY_KEY_REUSED" };

/** What happened: the transaction, and, unless it had happened before under this key, what it led to. */
export type Decided = { readonly transaction: Transaction; readonly posted: Posted | undefined };

/** What a decision looks at beside the account. */
export type At = {
  readonly nowMs: number;
  /** The transaction that is there under the command's key. */
  readonly earlier: Transaction | undefined;
  /** What a refund is about. */
  readonly charge: Charge | undefined;
};

/** What a retry of the command has to repeat. */
function requestOf(command: Command): Request {
  switch (command.kind) {
    case "consume":
      return { kind: command.kind, amount: command.amount, action: command.action, metadata: command.metadata };
    case "grant":
      return { kind: command.kind, amount: command.amount, action: command.reason, terms: grantTerms(command) };
    case "hold": {
      const { kind, amount, action, metadata } = command;
      return { kind, amount, action, metadata, terms: holdTerms(command) };
    }
    case "extend":
      return { kind: command.kind, subjectId: command.holdId, terms: extendTerms(command) };
    case "capture":
      return { kind: command.kind, subjectId: command.holdId, terms: captureTerms(command) };
    case "release": {
      const { kind, holdId: subjectId, metadata } = command;
      return { kind, subjectId, metadata, terms: releaseTerms(command) };
    }
    case "refund": {
      const { kind, chargeId: subjectId, metadata } = command;
      return { kind, subjectId, metadata, terms: refundTerms(command) };
    }
    case "revoke":
      return { kind: command.kind, amount: command.amount, action: command.reason };
    default:
      return command satisfies never;
  }
}

/**
 * Decides one command on locked rows.
 * @param posted the account, with everything that is due already booked.
 * Refuses, in this order: IDEMPOTENCY_KEY_REUSED, then what the command itself refuses.
 */
export function decide(command: Command, posted: Posted, at: At): Outcome<Decided, CommandRefusal> {
  if (at.earlier) {
    if (!isSameRequest(at.earlier, requestOf(command))) return refuse({ code: "IDEMPOTENCY_KEY_REUSED" });
    return ok({ transaction: at.earlier, posted: undefined });
  }
  const outcome = run(command, posted, at);
  if (!outcome.ok) return outcome;
  const transaction = outcome.value.lines.find(({ id }) => id === command.transactionId);
  if (!transaction) throw new Error(`a ${command.kind} booked no line of its own`);
  return ok({ transaction, posted: outcome.value });
}

function run(command: Command, posted: Posted, at: At): Outcome<Posted, CommandRefusal> {
  switch (command.kind) {
    case "consume":
      return consume(posted, command, at.nowMs);
    case "grant":
      return grant(posted, command, at.nowMs);
    case "hold":
      return placeHold(posted, command, at.nowMs);
    case "extend":
      return extendHold(posted, command, at.nowMs);
    case "capture":
      return captureHold(posted, command, at.nowMs);
    case "release":
      return releaseHold(posted, command, at.nowMs);
    case "refund":
      return refund(posted, command, at);
    case "revoke":
      return revoke(posted, command, at.nowMs);
    default:
      return command satisfies never;
  }
}
