import fc from "fast-check";

/** What somebody does. Few accounts, keys and amounts, so that they meet often. */
export type Move = {
  readonly kind: "grant" | "consume" | "revoke" | "hold" | "extend" | "capture" | "release" | "refund" | "balance";
  readonly account: 0 | 1;
  /** null: without a key. */
  readonly key: number | null;
  readonly amount: number;
  /** All of a hold, or all that is left of a charge. */
  readonly isAll: boolean;
  readonly action: "video" | "image";
  readonly by: "user" | "service";
  readonly priority: number;
  /** null: for ever. 0: it is over when it is given. */
  readonly lifeHours: number | null;
  readonly ttlHours: number;
  /** Which of the earlier holds or charges it is about, counted from the last. */
  readonly back: number;
  /** Sends an earlier request once more: the how manieth from the last, as it was or with another amount. */
  readonly again: { readonly back: number; readonly amount: number | null } | null;
};

/** Hours, one after the other; in each, moves that are made at once, then others, and so on. */
export type History = readonly (readonly (readonly Move[])[])[];

/** The furthest that a move looks back for what it is about. */
export const MAX_BACK = 4;

const oftenNull = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

const again = fc.record({ back: fc.nat(6), amount: oftenNull(fc.integer({ min: 1, max: 3 })) });

const move: fc.Arbitrary<Move> = fc.record({
  kind: fc.constantFrom(
    ...(["grant", "grant", "consume", "consume", "consume", "consume", "hold", "hold", "hold", "hold"] as const),
    ...(["capture", "capture", "capture", "extend", "release", "refund", "refund", "refund", "revoke"] as const),
    ...(["balance", "balance"] as const),
  ),
  account: fc.constantFrom(0, 0, 0, 0, 0, 1),
  key: oftenNull(fc.nat(5)),
  amount: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 6 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }) },
  ),
  isAll: fc.boolean(),
  action: fc.constantFrom("video", "image"),
  by: fc.constantFrom("service", "service", "service", "service", "service", "user"),
  priority: fc.constantFrom(50, 50, 20, 80),
  lifeHours: fc.constantFrom(null, 1, 2, 3, 1, 2, 3, 0),
  ttlHours: fc.constantFrom(3, 1, 2, 20),
  back: fc.nat(MAX_BACK),
  again: oftenNull(again),
});

const many = (maxLength: number) => ({ minLength: 1, maxLength, size: "max" }) as const;

/** A few hours of two accounts. */
export const histories: fc.Arbitrary<History> = fc.noBias(
  fc.array(fc.array(fc.array(move, many(6)), many(8)), many(5)),
);

/** How many requests a history makes. */
export const sizeOf = (history: History): number => history.flat(2).length;
