import { movesBy } from "./moves.ts";

/** How a reversal began: by our staff, at the provider, or by a dispute. */
export const reversalKinds = ["refund", "outside", "dispute"] as const;

/** The kind of a reversal. */
export type ReversalKind = (typeof reversalKinds)[number];

/**
 * Which credits a reversal takes. `unused`: all that belong to the money, or it fails. `goodwill`: of those, as many as there
 * are. `keep`: none. `all`: as many as there are of the whole payment.
 */
export const takeRules = ["unused", "goodwill", "keep", "all"] as const;

/** Which credits a reversal takes. */
export type TakeRule = (typeof takeRules)[number];

/**
 * The states of a reversal. `asked`: the money is reserved on the payment. `taken`: the ledger has taken the credits. `sent`:
 * the provider has accepted it, which is no success. `stuck`: a person has to look. `failing`: no money is sent and nothing is
 * taken for it any more; what it took is being given back.
 */
export const reversalStates = ["asked", "taken", "sent", "done", "failing", "failed", "stuck"] as const;

/** The state of a reversal. */
export type ReversalState = (typeof reversalStates)[number];

/** What moves a reversal. */
export type ReversalEvent =
  | "credits taken"
  | "credits missing"
  | "dropped before money moved"
  | "accepted by the provider"
  | "done by the provider"
  | "refused by the provider"
  | "abnormal at the provider"
  | "retried by staff"
  | "settled by staff"
  | "taken back by the provider"
  | "credits given back";

/** The state of a reversal after an event; undefined when the event changes nothing in this state. */
export const reversalStateAfter = movesBy<ReversalState, ReversalEvent>({
  "credits taken": { from: ["asked"], to: "taken" },
  // They were spent between the question and the taking: no money is sent.
  "credits missing": { from: ["taken"], to: "failing" },
  // A dispute.
  "dropped before money moved": { from: ["asked"], to: "failing" },
  "accepted by the provider": { from: ["taken"], to: "sent" },
  "done by the provider": { from: ["taken", "sent", "stuck"], to: "done" },
  "refused by the provider": { from: ["taken", "sent", "stuck"], to: "failing" },
  "abnormal at the provider": { from: ["taken", "sent"], to: "stuck" },
  "retried by staff": { from: ["stuck"], to: "taken" },
  "settled by staff": { from: ["stuck"], to: "done" },
  // A dispute that was won, or a refund that the provider has taken back.
  "taken back by the provider": { from: ["done"], to: "failing" },
  "credits given back": { from: ["failing"], to: "failed" },
});
