import { type Outcome, ok, refuse } from "@jifen/core";
import { type Entry, isSameRequest, type RequestFields } from "../entry.ts";
import type { Posted } from "../posting.ts";
import { type CaptureHold, type CaptureRefusal, captureHold, captureRequestParams } from "./capture.ts";
import { type Consume, consume, type InsufficientCredits } from "./consume.ts";
import { type ExtendHold, extendHold, extendRequestParams } from "./extend.ts";
import { type GrantCredits, type GrantRefusal, grant, grantRequestParams } from "./grant.ts";
import { holdRequestParams, type PlaceHold, placeHold } from "./hold.ts";
import type { HoldRefusal } from "./pending-hold.ts";
import { type Charge, type Refund, type RefundRefusal, refund, refundRequestParams } from "./refund.ts";
import { type ReleaseHold, releaseHold, releaseRequestParams } from "./release.ts";
import { type Revoke, type RevokeRefusal, revoke, revokeRequestParams } from "./revoke.ts";

/** All commands. Entries that expirations cause are in expirations.ts. */
export type Command = Consume | GrantCredits | PlaceHold | ExtendHold | CaptureHold | ReleaseHold | Refund | Revoke;

type Refusals = {
  consume: InsufficientCredits;
  grant: GrantRefusal;
  hold: InsufficientCredits;
  extend: HoldRefusal;
  capture: CaptureRefusal;
  release: HoldRefusal;
  refund: RefundRefusal;
  revoke: RevokeRefusal;
};

/** The refusals of a command. */
export type CommandRefusal<Kind extends Command["kind"] = Command["kind"]> =
  | Refusals[Kind]
  | { code: "IDEMPOTENCY_KEY_REUSED" };

/** The command's entry, and the changes of the account; `posted` is undefined for a replay. */
export type Decided = { readonly entry: Entry; readonly posted: Posted | undefined };

/** What a decision needs besides the account. */
export type DecisionContext = {
  readonly nowMs: number;
  /** The entry that exists under the command's key. */
  readonly executed: Entry | undefined;
  /** The entry that exists under the command's former key. */
  readonly formerly: Entry | undefined;
  /** The charge that a refund refers to. */
  readonly charge: Charge | undefined;
};

/** The fields that a retry of the command must repeat. */
function requestOf(command: Command): RequestFields {
  switch (command.kind) {
    case "consume":
      return { kind: command.kind, amount: command.amount, action: command.action, metadata: command.metadata };
    case "grant":
      return {
        kind: command.kind,
        amount: command.amount,
        action: command.reason,
        requestParams: grantRequestParams(command),
      };
    case "hold": {
      const { kind, amount, action, metadata } = command;
      return { kind, amount, action, metadata, requestParams: holdRequestParams(command) };
    }
    case "extend":
      return { kind: command.kind, referenceId: command.holdId, requestParams: extendRequestParams(command) };
    case "capture": {
      const { kind, holdId: referenceId, metadata } = command;
      const requestParams = captureRequestParams(command);
      return { kind, referenceId, requestParams, ...(metadata !== null && { metadata }) };
    }
    case "release": {
      const { kind, holdId: referenceId, metadata } = command;
      return { kind, referenceId, metadata, requestParams: releaseRequestParams(command) };
    }
    case "refund": {
      const { kind, chargeId: referenceId, metadata } = command;
      return { kind, referenceId, metadata, requestParams: refundRequestParams(command) };
    }
    case "revoke": {
      const { kind, amount, reason: action } = command;
      const requestParams = revokeRequestParams(command);
      // The entry of an aimed revocation has what was taken, which can be less than what was asked for.
      return { kind, action, requestParams, ...(requestParams === null && { amount }) };
    }
    default:
      return command satisfies never;
  }
}

/**
 * Decides one command.
 * @param posted the account, with its expirations processed.
 * Refuses, in this order: IDEMPOTENCY_KEY_REUSED, then the refusals of the command.
 */
export function decide(command: Command, posted: Posted, at: DecisionContext): Outcome<Decided, CommandRefusal> {
  const executed = at.executed ?? at.formerly;
  if (executed && isSameRequest(executed, requestOf(command))) return ok({ entry: executed, posted: undefined });
  if (at.executed || (at.formerly && !command.formerKey?.isShared)) return refuse({ code: "IDEMPOTENCY_KEY_REUSED" });
  const outcome = run(command, posted, at);
  if (!outcome.ok) return outcome;
  const entry = outcome.value.entries.find(({ id }) => id === command.transactionId);
  if (!entry) throw new Error(`a ${command.kind} wrote no entry of its own`);
  return ok({ entry, posted: outcome.value });
}

function run(command: Command, posted: Posted, at: DecisionContext): Outcome<Posted, CommandRefusal> {
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
