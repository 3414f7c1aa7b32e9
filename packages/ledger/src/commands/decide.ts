import type { AccountState } from "../account.ts";
import { type Outcome, ok, refuse } from "../outcome.ts";
import { isSameRequest, type Request, type Transaction } from "../transaction.ts";
import { type Consume, type ConsumeRefusal, consume } from "./consume.ts";
import { type GrantCredits, type GrantRefusal, grant } from "./grant.ts";
import type { Step } from "./step.ts";

/** Everything that moves credits. */
export type Command = Consume | GrantCredits;

/** What a command can be refused for. */
export type CommandRefusal<Kind extends Command["kind"] = Command["kind"]> =
  | { consume: ConsumeRefusal; grant: GrantRefusal }[Kind]
  | { code: "IDEMPOTENCY_KEY_REUSED" };

/** What happened: the transaction, now or under this key before. `step` is there when something has to be written. */
export type Decided =
  | { readonly transaction: Transaction; readonly replayed: false; readonly step: Step }
  | { readonly transaction: Transaction; readonly replayed: true };

const requestOf = (command: Command): Request =>
  command.kind === "grant"
    ? { kind: command.kind, amount: command.amount, action: command.reason, metadata: null }
    : { kind: command.kind, amount: command.amount, action: command.action, metadata: command.metadata };

/**
 * Decides one command on locked rows.
 * @param at.earlier the transaction that is there under the command's key, if any.
 * Refuses, in this order: IDEMPOTENCY_KEY_REUSED, then what the command itself refuses.
 */
export function decide(
  command: Command,
  state: AccountState,
  at: { readonly nowMs: number; readonly earlier: Transaction | undefined },
): Outcome<Decided, CommandRefusal> {
  if (at.earlier) {
    if (!isSameRequest(at.earlier, requestOf(command))) return refuse({ code: "IDEMPOTENCY_KEY_REUSED" });
    return ok({ transaction: at.earlier, replayed: true });
  }
  const outcome = run(command, state, at.nowMs);
  if (!outcome.ok) return outcome;
  return ok({ transaction: outcome.value.transaction, replayed: false, step: outcome.value });
}

function run(command: Command, state: AccountState, nowMs: number): Outcome<Step, CommandRefusal> {
  switch (command.kind) {
    case "consume":
      return consume(state, command, nowMs);
    case "grant":
      return grant(state, command, nowMs);
    default:
      return command satisfies never;
  }
}
