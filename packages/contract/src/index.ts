import { auditOperations } from "./audit/index.ts";
import { creditsOperations } from "./credits/index.ts";
import { healthOperations } from "./health/index.ts";
import { identityOperations } from "./identity/index.ts";
import { logsOperations } from "./logs/index.ts";

/** All operations, by noun and verb: `operations.credits.consume` is the procedure `credits.consume`. */
export const operations = {
  ...auditOperations,
  ...creditsOperations,
  ...healthOperations,
  ...identityOperations,
  ...logsOperations,
} as const;

/** The type of the table of operations. */
export type Operations = typeof operations;

export { type Access, anyUser, type Role, roles, type Scope, scopes, staff } from "./callers.ts";
export { normaliseEmail, normaliseUserId, zEmail, zProvidedEmail } from "./email-address.ts";
export type { JsonObject } from "./json-object.ts";
export { bilingual, type Language, languages, pickLanguage, preferredLanguage, type Wording } from "./language.ts";
export { zLogEntry } from "./logs/log-fields.ts";
export { bodyRefusals, callerRefusals, commonRefusals, type Operation } from "./operation.ts";
export { zIdempotencyKey, zUserId } from "./primitives.ts";
export { refusalFixes } from "./refusal-fixes.ts";
export {
  type ErrorBody,
  type FieldIssue,
  type Refusal,
  type RefusalCode,
  type RefusalDetails,
  type RefusalSpec,
  refusals,
} from "./refusals.ts";
