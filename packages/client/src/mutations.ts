import type { Operations } from "@jifen/contract";

/**
 * May a mutation be sent again when nobody knows whether it arrived? `keyed`: yes, with the same
 * idempotency key; `harmless`: yes, it changes nothing more; `once`: no.
 */
type Repetition = "keyed" | "harmless" | "once";

type MutationPaths = {
  [Noun in keyof Operations & string]: {
    [Verb in keyof Operations[Noun] & string]: Operations[Noun][Verb] extends {
      kind: "mutation";
      idempotent: infer Keyed;
    }
      ? { path: `${Noun}.${Verb}`; keyed: Keyed }
      : never;
  }[keyof Operations[Noun] & string];
}[keyof Operations & string];

/** One row for each mutation of the contract, `keyed` exactly where the operation is idempotent: drift does not compile. */
type Mutations = {
  [Each in MutationPaths as Each["path"]]: Each["keyed"] extends true ? "keyed" : Exclude<Repetition, "keyed">;
};

const mutations: Readonly<Record<string, Repetition>> = {
  "admin.grant": "keyed",
  "admin.revoke": "keyed",
  "auth.changePassword": "once",
  "auth.confirmRegistration": "once",
  "auth.firstAdmin": "once",
  "auth.forgotPassword": "once",
  "auth.login": "harmless",
  "auth.logout": "harmless",
  "auth.logoutEverywhere": "harmless",
  "auth.register": "once",
  "auth.resetPassword": "once",
  "auth.verify": "harmless",
  "credits.consume": "keyed",
  "holds.capture": "keyed",
  "holds.create": "keyed",
  "holds.extend": "keyed",
  "holds.release": "keyed",
  "keys.create": "once",
  "keys.revoke": "once",
  "keys.rotate": "once",
  "logs.create": "keyed",
  "refunds.create": "keyed",
  "users.create": "once",
  "users.endSessions": "once",
  "users.passwordLink": "once",
  "users.remove": "once",
  "users.resume": "once",
  "users.setRole": "once",
  "users.suspend": "once",
} satisfies Mutations;

/** Whether an idempotency key makes this mutation happen once. */
export const takesKey = (path: string): boolean => mutations[path] === "keyed";

/** Whether a second arrival has no second effect. Queries change nothing. */
export const isRepeatable = ({ type, path }: { type: string; path: string }): boolean =>
  type === "query" || mutations[path] === "keyed" || mutations[path] === "harmless";
