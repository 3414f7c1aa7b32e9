import type { HoldRow, JournalRow, ModelRequest, Refusal } from "@jifen/testkit/ledger-model";

/** The answer to a request. */
export type Answer =
  | {
      readonly is: "done";
      /** The id of the journal entry. */
      readonly entryId: string;
      readonly replayed: boolean;
      /** The fields of the entry that the answer contains. */
      readonly entry: Partial<JournalRow>;
      /** The spendable balance in the answer, after all expirations. */
      readonly spendable?: number;
      /** The fields of the hold that the answer contains. */
      readonly hold?: Partial<HoldRow>;
    }
  | { readonly is: "refused"; readonly refusal: Refusal }
  | {
      readonly is: "read";
      readonly balance: number;
      readonly held: number;
      readonly expiring?: { readonly amount: number; readonly expiresAtMs: number } | null;
    }
  /** The outcome is unknown: zero or one effect. */
  | {
      readonly is: "unknown";
      /** Why no answer came; undefined when the answer says that the outcome is unknown. */
      readonly lost?: string;
    }
  /** An error that must never occur. */
  | { readonly is: "failed"; readonly error: string };

/** What caused an entry: an actor and a request. */
export type Author = { readonly actor: string; readonly requestId: string | null };

/** One request and its answer in the history of a client. */
export type Event = {
  readonly account: string;
  /** The key as the journal stores it; null without a key. */
  readonly key: string | null;
  /** null: a balance read. */
  readonly request: ModelRequest | null;
  /** The author that an entry of this request has; null for a balance read. */
  readonly author: Author | null;
  /** Logical times of one clock that orders all requests and answers. */
  readonly sent: number;
  readonly answered: number;
  /** The model's clock when the request was sent: it was not decided earlier. */
  readonly sentMs: number;
  /** The model's clock minus the times that the database holds. */
  readonly clockOffsetMs: number;
  readonly answer: Answer;
  /** The id of the extra row that the command writes if it takes effect; undefined without one. */
  readonly extraRowId?: string | undefined;
};
