/** A request on one account, as its client sent it. `by`: the owner of its credential, `user:<id>` or `service:<id>`. */
export type ModelRequest =
  | {
      readonly kind: "grant";
      readonly amount: number;
      readonly priority: number;
      readonly expiresAtMs: number | null;
      /** The reason, where requests differ in it. */
      readonly action?: string;
    }
  | { readonly kind: "consume"; readonly amount: number; readonly action: string }
  /** `bucket` null: of all buckets. `atMost`: less than `amount` if there is less. */
  | {
      readonly kind: "revoke";
      readonly amount: number;
      readonly action: string;
      readonly bucket: string | null;
      readonly atMost: boolean;
    }
  | {
      readonly kind: "hold";
      readonly amount: number;
      readonly action: string;
      readonly by: string;
      readonly ttlSeconds: number;
    }
  | { readonly kind: "extend"; readonly hold: string; readonly by: string; readonly ttlSeconds: number }
  /** `amount` null: all of the hold. */
  | {
      readonly kind: "capture";
      readonly hold: string;
      readonly by: string;
      readonly amount: number | null;
      /** null: that of the hold, which is null too. */
      readonly metadata: string | null;
    }
  | { readonly kind: "release"; readonly hold: string; readonly by: string }
  /** `amount` null: the rest of the charge. */
  | { readonly kind: "refund"; readonly charge: string; readonly amount: number | null };

/** How much was taken from one bucket, or returned to it. */
export type Allocation = { readonly bucket: string; readonly amount: number };

/** An entry that the journal must contain. */
export type ModelEntry = {
  /** The key of the request; null for an entry that the ledger adds. */
  readonly key: string | null;
  readonly kind: ModelRequest["kind"] | "expire";
  readonly amount: number;
  /** The debited account. */
  readonly from: string;
  /** The credited account. */
  readonly to: string;
  /** The spendable balance after the entry. */
  readonly spendable: number;
  /** The held credits after the entry. */
  readonly held: number;
  /** How much of the returned credits belongs to expired buckets. */
  readonly expiredOnReturn: number;
  /** The bucket, the hold or the charge that the entry refers to. */
  readonly subject: string | null;
  readonly allocations: readonly Allocation[];
  readonly expiresAtMs: number | null;
  readonly metadata: string | null;
};

/** A refusal code with the numbers that explain it. */
export type Refusal = { readonly code: string } & Readonly<Record<string, unknown>>;

/** The outcome that a request must have: a new effect, the replay of an entry, or a refusal. */
export type ModelOutcome =
  | { readonly is: "new" }
  | { readonly is: "replayed"; readonly entryId: string }
  | { readonly is: "refused"; readonly refusal: Refusal };

/** Of the owner, only the kind is a part of the request. */
const toText = (request: ModelRequest): string =>
  JSON.stringify("by" in request ? { ...request, by: request.by.replace(/:.*/, "") } : request);

/** Whether two requests with one key are the same request. */
export const isSameRequest = (one: ModelRequest, other: ModelRequest): boolean => toText(one) === toText(other);
