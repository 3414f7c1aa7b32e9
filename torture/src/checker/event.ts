import type { Refusal, Request } from "../model/request.ts";
import type { HoldRow, JournalRow } from "./rows.ts";

/** What the ledger answered. */
export type Answer =
  | {
      readonly is: "done";
      /** The id of the line in the journal. */
      readonly line: string;
      readonly replayed: boolean;
      /** What the answer said about the line beside its id. */
      readonly says: Partial<JournalRow>;
      /** What it said can be spent, once everything that came along is booked. */
      readonly spendable?: number;
      /** What it said about the hold. */
      readonly hold?: Partial<HoldRow>;
    }
  | { readonly is: "refused"; readonly refusal: Refusal }
  | {
      readonly is: "read";
      readonly balance: number;
      readonly held: number;
      readonly expiring?: { readonly amount: number; readonly expiresAtMs: number } | null;
    }
  /** Nobody said what became of it. */
  | { readonly is: "unknown" }
  /** What must never happen. */
  | { readonly is: "failed"; readonly error: string };

/** One request and its answer, as whoever asked remembers them. */
export type Event = {
  readonly account: string;
  /** As the journal keeps it; null when it was asked without one. */
  readonly key: string | null;
  /** null: a look at the balance. */
  readonly request: Request | null;
  /** Two numbers of one clock that orders everything that was asked and answered. */
  readonly sent: number;
  readonly answered: number;
  /** The model's time when it was sent: it was not decided before that. */
  readonly sentMs: number;
  /** How much later the model's time is than the moments that the database holds. */
  readonly aheadMs: number;
  readonly answer: Answer;
};
