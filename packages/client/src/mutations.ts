import type { Operations } from "@jifen/contract";

/**
 * Whether a mutation can be retried when its outcome is unknown. `keyed`: yes, with the same idempotency key;
 * `harmless`: yes, a second execution has no further effect; `once`: no.
 */
type RetrySafety = "keyed" | "harmless" | "once";

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

/** One row per mutation of the contract; `keyed` exactly if the operation is idempotent. A difference does not compile. */
type Mutations = {
  [Each in MutationPaths as Each["path"]]: Each["keyed"] extends true ? "keyed" : Exclude<RetrySafety, "keyed">;
};

const mutations: Readonly<Record<string, RetrySafety>> = {
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
  "logs.batch": "keyed",
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

/** Whether this mutation accepts an idempotency key. */
export const takesKey = (path: string): boolean => mutations[path] === "keyed";

/** Whether a retry has no second effect. */
export const isRetrySafe = ({ type, path }: { type: string; path: string }): boolean =>
  type === "query" || mutations[path] === "keyed" || mutations[path] === "harmless";
