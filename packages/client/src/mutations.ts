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
  "admin.grantMany": "keyed",
  "admin.releaseHold": "keyed",
  "admin.revoke": "keyed",
  "adminOrders.check": "harmless",
  "adminReversals.refund": "keyed",
  "adminReversals.retry": "once",
  "adminReversals.settle": "once",
  "adminPayments.accept": "once",
  "adminPayments.dismiss": "once",
  "adminStrays.resolve": "once",
  "adminCatalogues.create": "once",
  "adminCatalogues.publish": "once",
  "adminCatalogues.withdraw": "harmless",
  "auth.changePassword": "once",
  "auth.changePreferences": "harmless",
  "auth.confirmRegistration": "once",
  "auth.firstAdmin": "once",
  "auth.forgotPassword": "once",
  "auth.login": "harmless",
  "auth.logout": "harmless",
  "auth.logoutEverywhere": "harmless",
  "auth.register": "once",
  "auth.rename": "once",
  "auth.resetPassword": "once",
  "auth.verify": "harmless",
  "balanceAlerts.set": "harmless",
  "codeBatches.end": "once",
  "codeBatches.make": "once",
  "codes.redeem": "harmless",
  "credits.consume": "keyed",
  "exports.create": "harmless",
  "holds.capture": "keyed",
  "holds.create": "keyed",
  "holds.extend": "keyed",
  "holds.release": "keyed",
  "keys.change": "harmless",
  "keys.create": "once",
  "keys.revoke": "once",
  "keys.rotate": "once",
  "logs.batch": "keyed",
  "logs.create": "keyed",
  "orders.cancel": "harmless",
  "orders.check": "harmless",
  "orders.create": "keyed",
  "quotes.create": "harmless",
  "refunds.create": "keyed",
  "session.changePassword": "once",
  "session.confirm": "harmless",
  "users.create": "once",
  "users.endSessions": "once",
  "users.passwordLink": "once",
  "users.remove": "once",
  "users.rename": "once",
  "users.resume": "once",
  "users.setPriceGroup": "once",
  "users.setRole": "once",
  "users.suspend": "once",
  "webhooks.create": "once",
  "webhooks.end": "once",
  "webhooks.replay": "harmless",
  "webhooks.replaySince": "harmless",
  "webhooks.rotate": "once",
  "system.doctor": "harmless",
  "system.testMail": "once",
  "system.startAudit": "harmless",
  "webhooks.test": "harmless",
} satisfies Mutations;

/** Whether this mutation accepts an idempotency key. */
export const takesKey = (path: string): boolean => mutations[path] === "keyed";

/** Whether a retry has no second effect. */
export const isRetrySafe = ({ type, path }: { type: string; path: string }): boolean =>
  type === "query" || mutations[path] === "keyed" || mutations[path] === "harmless";
