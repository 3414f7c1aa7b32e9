/**
 * How a notice is forged. `changed`: the amount is another one than the signed one. `other-merchant`: signed with the right
 * key for another merchant. `empty-secret`: signed with an empty key. `doubled-field`: a field has a second value.
 * `other-encoding`: the body is in another character set.
 */
export const forgeries = [
  "unsigned",
  "wrong-signature",
  "foreign-key",
  "changed",
  "other-merchant",
  "other-mode",
  "old",
  "weak-algorithm",
  "empty-secret",
  "doubled-field",
  "other-encoding",
  "unknown-serial",
  "truncated",
  "probe",
] as const;

/** One way to forge a notice. Each fake names those that its protocol has. */
export type Forgery = (typeof forgeries)[number];

/** What a fake gateway does wrong on purpose. */
export type Switches = {
  /** The share of notices that are never sent, 0 to 1. */
  readonly lose: number;
  /** How often each notice is sent: 1 is once. Chosen at random from 1 to this number when `shuffle` is on. */
  readonly repeat: number;
  /** Waits this long before each notice. */
  readonly delayMs: number;
  /** Waits a random part of `delayMs`, so that notices change their order. */
  readonly shuffle: boolean;
  /** Forges notices in this way; null: none. */
  readonly forge: Forgery | null;
  /** The share of notices that are forged, 0 to 1. */
  readonly forgeShare: number;
  /**
   * How requests are answered. `500`: without any effect. `hang` and `reset`: the request takes effect, the answer never
   * arrives. `unsigned` and `forged`: the answer has no signature, or one of another key over changed content.
   */
  readonly answers: "normal" | "500" | "hang" | "reset" | "unsigned" | "forged";
  /** How far the provider's clock is ahead. */
  readonly clockMs: number;
  /** Where notices go, for providers that keep the address themselves; `{number}` stands for the order number. */
  readonly notifyUrl: string;
  /** The pause before an unacknowledged notice is sent again. */
  readonly retryMs: number;
  /** How often an unacknowledged notice is sent again. */
  readonly retries: number;
};

/** A gateway that does everything right. */
export const defaultSwitches: Switches = {
  lose: 0,
  repeat: 1,
  delayMs: 0,
  shuffle: false,
  forge: null,
  forgeShare: 1,
  answers: "normal",
  clockMs: 0,
  notifyUrl: "",
  retryMs: 1_000,
  retries: 5,
};

/** The switches after a change. @throws RangeError when a name is unknown or a value has another type */
export function changeSwitches(current: Switches, change: Readonly<Record<string, unknown>>): Switches {
  for (const [name, value] of Object.entries(change)) {
    const before = defaultSwitches[name as keyof Switches];
    if (before === undefined)
      throw new RangeError(`there is no switch ${name}: ${Object.keys(defaultSwitches).join(", ")}`);
    const isForgery = name === "forge" && (value === null || forgeries.includes(value as Forgery));
    if (!isForgery && typeof value !== typeof before) throw new RangeError(`${name} must be a ${typeof before}`);
  }
  return { ...current, ...change };
}
