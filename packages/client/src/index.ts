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
  type ExportOptions,
  exportLogs,
  exportTransactions,
  type LogExportInput,
  type TransactionExportInput,
} from "./export-file.ts";
export type { LiveEvent, LiveKind } from "./live/live-event.ts";
export type { Live, LiveOptions } from "./live/live-events.ts";
export {
  createLogBuffer,
  type LogBuffer,
  type LogBufferOptions,
  type LogBufferStats,
  type LogEntry,
} from "./log-buffer.ts";
export { isOutcomeUnknown } from "./outcome.ts";
export type { JifenErrorData, JifenErrorShape, JifenInputs, JifenOutputs, JifenRouter } from "./router.ts";
export { createTabStore, type TabStore } from "./tab-store.ts";
