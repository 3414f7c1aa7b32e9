import { accountsOperations } from "./accounts/index.ts";
import { auditOperations } from "./audit/index.ts";
import { billingOperations } from "./billing/index.ts";
import { creditsOperations, creditsStreams } from "./credits/index.ts";
import { exportsOperations } from "./exports/index.ts";
import { healthOperations } from "./health/index.ts";
import { identityOperations } from "./identity/index.ts";
import { liveStreams } from "./live/index.ts";
import { logsOperations, logsStreams } from "./logs/index.ts";
import { searchOperations } from "./search/index.ts";
import { statsOperations } from "./stats/index.ts";
import { systemOperations } from "./system/index.ts";
import { webhooksOperations } from "./webhooks/index.ts";

/** All operations, by noun and verb: `operations.credits.consume` is the procedure `credits.consume`. */
export const operations = {
  ...accountsOperations,
  ...auditOperations,
  ...billingOperations,
  ...creditsOperations,
  ...exportsOperations,
  ...healthOperations,
  ...identityOperations,
  ...logsOperations,
  ...searchOperations,
  ...statsOperations,
  ...systemOperations,
  ...webhooksOperations,
} as const;

/** The type of the table of operations. */
export type Operations = typeof operations;

/** All REST endpoints that answer with a stream, by noun and verb. They are no procedures. */
export const streams = { ...creditsStreams, ...liveStreams, ...logsStreams } as const;

/** The type of the table of streams. */
export type Streams = typeof streams;

export { type AuditActionName, auditActions } from "./audit/audit-actions.ts";
export { zCatalogue } from "./billing/catalogue.ts";
export { type Access, anyUser, type Role, roles, type Scope, scopes, staff } from "./callers.ts";
export { normaliseEmail, normaliseUserId, zEmail, zProvidedEmail } from "./email-address.ts";
export { EXPIRING_WITHIN_DAYS, type KeyState } from "./identity/keys.ts";
export { PRICE_MEMBER } from "./ids.ts";
export type { JsonObject } from "./json-object.ts";
export {
  bilingual,
  fallbackLanguage,
  type Language,
  languages,
  pickLanguage,
  preferredLanguage,
  type Wording,
} from "./language.ts";
export { zLogEntry } from "./logs/log-fields.ts";
export {
  bodyRefusals,
  callerRefusals,
  commonRefusals,
  type Operation,
  type StreamOperation,
} from "./operation.ts";
export { timeZoneRule, zIdempotencyKey, zUserId } from "./primitives.ts";
export { isEmailId, zProvidedUserId } from "./provided-user-id.ts";
export type { FieldIssue, RefusalDetails } from "./refusal-details.ts";
export { refusalFixes } from "./refusal-fixes.ts";
export { refusalMessage } from "./refusal-messages.ts";
export { type ErrorBody, type Refusal, type RefusalCode, type RefusalSpec, refusals } from "./refusals.ts";
export { type OutgoingEventType, outgoingEventTypes } from "./webhooks/event-types.ts";
export { MAX_REPLAYED } from "./webhooks/webhooks.ts";
