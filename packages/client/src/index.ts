export type {
  ErrorBody,
  FieldIssue,
  JsonObject,
  Language,
  Refusal,
  RefusalCode,
  RefusalDetails,
} from "@jifen/contract";
export { preferredLanguage } from "@jifen/contract/language";
export { type RefusalSpec, refusals } from "@jifen/contract/refusals";
export { createJifenClient, type JifenClient, type JifenClientOptions } from "./client.ts";
export { eachLog } from "./each-log.ts";
export {
  type ClientCode,
  isJifenError,
  JifenError,
  type JifenErrorCode,
  type JifenErrorDetails,
  type JifenErrorOf,
} from "./error.ts";
export {
  createLogBuffer,
  type LogBuffer,
  type LogBufferOptions,
  type LogBufferStats,
  type LogEntry,
} from "./log-buffer.ts";
export type { JifenErrorData, JifenErrorShape, JifenInputs, JifenOutputs, JifenRouter } from "./router.ts";
