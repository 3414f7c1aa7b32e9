import type { UserId } from "@jifen/core";
import type { Records } from "../records/records.ts";

/** A log-in of a user. */
export type SignIn = {
  readonly atMs: number;
  /** The client's network address: an IPv4 address or the first half of an IPv6 one. */
  readonly address: string;
  /** `password`, `browser` or `link`. */
  readonly by: string;
};

/** How many log-ins of a user are kept. */
const MAX_SIGN_INS = 20;

/** How often a log-in is written again while concurrent log-ins of the same user win. */
const MAX_ATTEMPTS = 20;

/** The last log-ins of users, kept in their rows: they need no clean-up and end with their user. */
export type SignIns = {
  /** The last log-ins, newest first. */
  signIns(id: UserId): Promise<readonly SignIn[]>;
  /** Adds a log-in, and forgets those before the last twenty. Concurrent log-ins are all kept. */
  addSignIn(id: UserId, signIn: SignIn): Promise<void>;
};

/** The last log-ins on any database. */
export const createSignIns = (records: Records): SignIns => ({
  signIns: async (id) => parse((await records.get("users", { id }))?.signIns ?? null),

  addSignIn: async (id, signIn) => {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
      const user = await records.get("users", { id });
      if (!user || user.deletedAtMs !== null) return;
      const kept = [signIn, ...parse(user.signIns)].slice(0, MAX_SIGN_INS);
      const set = { signIns: JSON.stringify(kept) };
      const expected = { signIns: user.signIns, deletedAtMs: null };
      if (await records.compareAndSet("users", { id }, { expected, set })) return;
    }
    throw new Error("a log-in was not stored: others of the same user came before it in every attempt");
  },
});

const parse = (text: string | null): readonly SignIn[] => (text === null ? [] : JSON.parse(text));
