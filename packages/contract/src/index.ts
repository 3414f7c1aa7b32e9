import { login, verify } from "./auth.ts";
import { balance, consume } from "./credits.ts";
import { check } from "./health.ts";
import { create } from "./logs.ts";

/** Every operation, by noun and verb: `operations.credits.consume` is the procedure `credits.consume`. */
export const operations = {
  auth: { login, verify },
  credits: { balance, consume },
  health: { check },
  logs: { create },
} as const;

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
