import * as auditLog from "./audit/audit-log.ts";
import * as admin from "./credits/admin.ts";
import { balance, consume } from "./credits/credits.ts";
import * as grants from "./credits/grants.ts";
import * as holds from "./credits/holds.ts";
import * as refunds from "./credits/refunds.ts";
import * as transactions from "./credits/transactions.ts";
import { check } from "./health/health.ts";
import * as auth from "./identity/auth.ts";
import * as keys from "./identity/keys.ts";
import * as users from "./identity/users.ts";
import { create } from "./logs/logs.ts";

/** Every operation, by noun and verb: `operations.credits.consume` is the procedure `credits.consume`. */
export const operations = {
  admin: { grant: admin.grant, revoke: admin.revoke },
  auditLog: { list: auditLog.list },
  auth: {
    changePassword: auth.changePassword,
    confirmRegistration: auth.confirmRegistration,
    firstAdmin: auth.firstAdmin,
    forgotPassword: auth.forgotPassword,
    login: auth.login,
    logout: auth.logout,
    logoutEverywhere: auth.logoutEverywhere,
    me: auth.me,
    register: auth.register,
    resetPassword: auth.resetPassword,
    verify: auth.verify,
  },
  credits: { balance, consume },
  grants: { list: grants.list },
  health: { check },
  holds: {
    capture: holds.capture,
    create: holds.create,
    extend: holds.extend,
    find: holds.find,
    release: holds.release,
  },
  keys: { create: keys.create, list: keys.list, revoke: keys.revoke, rotate: keys.rotate },
  logs: { create },
  refunds: { create: refunds.create },
  transactions: { find: transactions.find, list: transactions.list },
  users: {
    create: users.create,
    endSessions: users.endSessions,
    find: users.find,
    list: users.list,
    passwordLink: users.passwordLink,
    remove: users.remove,
    resume: users.resume,
    setRole: users.setRole,
    suspend: users.suspend,
  },
} as const;

/** The table of operations. */
export type Operations = typeof operations;

export { type Access, anyUser, type Role, roles, type Scope, scopes, staff } from "./callers.ts";
export type { JsonObject } from "./json-object.ts";
export { bilingual, type Language, languages, pickLanguage, type Wording } from "./language.ts";
export { bodyRefusals, callerRefusals, commonRefusals, type Operation } from "./operation.ts";
export { normaliseEmail, zEmail, zIdempotencyKey, zUserId } from "./primitives.ts";
export {
  type ErrorBody,
  type FieldIssue,
  type Refusal,
  type RefusalCode,
  type RefusalDetails,
  type RefusalSpec,
  refusals,
} from "./refusals.ts";
