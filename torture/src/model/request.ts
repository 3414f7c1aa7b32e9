/** Something that somebody asks of one account, as the one who asks remembers it. */
export type Request =
  | { readonly kind: "grant"; readonly amount: number; readonly priority: number; readonly expiresAtMs: number | null }
  | { readonly kind: "consume" | "revoke"; readonly amount: number; readonly action: string }
  | {
      readonly kind: "hold";
      readonly amount: number;
      readonly action: string;
      readonly by: "user" | "service";
      readonly ttlSeconds: number;
    }
  | { readonly kind: "extend"; readonly hold: string; readonly by: "user" | "service"; readonly ttlSeconds: number }
  /** `amount` null: all of it. */
  | { readonly kind: "capture"; readonly hold: string; readonly by: "user" | "service"; readonly amount: number | null }
  | { readonly kind: "release"; readonly hold: string; readonly by: "user" | "service" }
  /** `amount` null: all that is left of it. */
  | { readonly kind: "refund"; readonly charge: string; readonly amount: number | null };

/** How much one bucket gave, or got back. */
export type Allocation = { readonly bucket: string; readonly amount: number };

/** What the journal must say about one movement. */
export type Line = {
  /** The key it was asked under; null for what the ledger does by itself. */
  readonly key: string | null;
  readonly kind: Request["kind"] | "expire";
  readonly amount: number;
  readonly from: string;
  readonly to: string;
  readonly spendable: number;
  readonly held: number;
  /** How much of what came back was over at once. */
  readonly expiredOnReturn: number;
  /** The bucket, the hold or the charge that it is about. */
  readonly subject: string | null;
  readonly allocations: readonly Allocation[];
  readonly endsAtMs: number | null;
};

/** What was refused, with the numbers that explain it. */
export type Refusal = { readonly code: string } & Readonly<Record<string, unknown>>;

/** What a request must be answered with, as things are: done now, done before, or not at all. */
export type Verdict =
  | { readonly is: "new" }
  | { readonly is: "replayed"; readonly line: string }
  | { readonly is: "refused"; readonly refusal: Refusal };

/** Whether two requests under one key are the same one. */
export const isSame = (one: Request, other: Request): boolean => JSON.stringify(one) === JSON.stringify(other);
