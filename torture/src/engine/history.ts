import fc from "fast-check";

/** One step of a client. Few accounts, keys and amounts, so that steps conflict often. */
export type Step = {
  readonly kind: "grant" | "consume" | "revoke" | "hold" | "extend" | "capture" | "release" | "refund" | "balance";
  readonly account: 0 | 1;
  /** null: without a key. */
  readonly key: number | null;
  readonly amount: number;
  /** Without an amount: all of a hold, or the rest of a charge. */
  readonly isAll: boolean;
  /** A revocation takes from one earlier grant, which `back` names, and less than its amount if there is less. */
  readonly ofGrant: boolean;
  readonly atMost: boolean;
  /** What a capture says was used. */
  readonly metadata: string | null;
  readonly action: "video" | "image";
  /** The owner of the credential. */
  readonly by: string;
  readonly priority: number;
  /** null: never expires. 0: expired when it is granted. */
  readonly lifeHours: number | null;
  readonly ttlHours: number;
  /** Which of the earlier holds or charges it refers to, counted from the last. */
  readonly back: number;
  /** Repeats an earlier request, counted from the last, unchanged or with another amount. */
  readonly again: { readonly back: number; readonly amount: number | null } | null;
};

/** Hours in order; each has groups of concurrent steps, in order. */
export type History = readonly (readonly (readonly Step[])[])[];

/** The maximum of `back`. */
export const MAX_BACK = 4;

/** Two services, of which one places most holds: each of them can have placed a hold that the other one names. */
const [shop, rival] = ["service:shop", "service:rival"];

const mostlyNull = <Value>(arbitrary: fc.Arbitrary<Value>): fc.Arbitrary<Value | null> =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(null) }, { weight: 1, arbitrary });

const again = fc.record({ back: fc.nat(6), amount: mostlyNull(fc.integer({ min: 1, max: 3 })) });

const step: fc.Arbitrary<Step> = fc.record({
  // Most requests that name a hold are refused, so they are the majority: enough of each kind succeed and are retried.
  kind: fc.oneof(
    { weight: 2, arbitrary: fc.constant("grant") },
    { weight: 6, arbitrary: fc.constantFrom("consume", "hold") },
    { weight: 4, arbitrary: fc.constantFrom("extend", "release") },
    { weight: 3, arbitrary: fc.constant("capture") },
    { weight: 5, arbitrary: fc.constantFrom("refund", "revoke") },
    { weight: 2, arbitrary: fc.constant("balance") },
  ),
  account: fc.constantFrom(0, 0, 0, 0, 0, 1),
  // Half of the requests have a key: only those can be retried, and each kind of request must be, many times.
  key: fc.oneof(fc.constant(null), fc.nat(5)),
  amount: fc.oneof(
    { weight: 4, arbitrary: fc.integer({ min: 1, max: 6 }) },
    { weight: 1, arbitrary: fc.integer({ min: 1, max: 40 }) },
  ),
  isAll: fc.boolean(),
  ofGrant: fc.boolean(),
  atMost: fc.boolean(),
  metadata: fc.constantFrom(null, '{"seconds":5}', '{"seconds":6}'),
  action: fc.constantFrom("video", "image"),
  by: fc.constantFrom(shop, shop, shop, shop, shop, rival, "user:ann"),
  priority: fc.constantFrom(50, 50, 20, 80),
  lifeHours: fc.constantFrom(null, 1, 2, 3, 1, 2, 3, 0),
  ttlHours: fc.constantFrom(3, 1, 2, 20),
  back: fc.nat(MAX_BACK),
  again: fc.oneof({ weight: 2, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: again }),
});

const upTo = (maxLength: number) => ({ minLength: 1, maxLength, size: "max" }) as const;

/** Histories of a few hours on two accounts. */
export const histories: fc.Arbitrary<History> = fc.noBias(
  fc.array(fc.array(fc.array(step, upTo(6)), upTo(8)), upTo(5)),
);

/** The number of requests of a history. */
export const sizeOf = (history: History): number => history.flat(2).length;
