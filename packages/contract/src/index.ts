import * as auth from "./auth.ts";
import * as credits from "./credits.ts";
import * as health from "./health.ts";
import * as logs from "./logs.ts";

/** Every operation, by noun and verb: `operations.credits.consume` is the procedure `credits.consume`. */
export const operations = { auth, credits, health, logs } as const;

/** The table of operations. */
export type Operations = typeof operations;

export type { JsonObject } from "./json-object.ts";
export { bilingual, type Language, languages, pickLanguage, type Wording } from "./language.ts";
export { bodyRefusals, type CallerKind, callerRefusals, commonRefusals, type Operation } from "./operation.ts";
export { normaliseEmail, zEmail, zIdempotencyKey, zUserId } from "./primitives.ts";
export {
  type FieldIssue,
  type Refusal,
  type RefusalCode,
  type RefusalDetails,
  type RefusalLook,
  refusals,
  type WireError,
} from "./refusals.ts";
