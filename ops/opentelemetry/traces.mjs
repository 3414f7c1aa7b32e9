/**
 * Sends traces of a Jifen server to an OpenTelemetry collector: `node --import FOLDER/traces.mjs apps/api/dist/main.js`.
 * The variables of OpenTelemetry name the collector, the name of the service and the share of requests that is traced:
 * https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/
 */
import { register } from "node:module";
import { isMainThread } from "node:worker_threads";

// Worker threads import this as well; they serve no requests.
if (isMainThread) {
  process.env.OTEL_SERVICE_NAME ??= "jifen";
  // The server has its own metrics and its own log.
  process.env.OTEL_METRICS_EXPORTER ??= "none";
  process.env.OTEL_LOGS_EXPORTER ??= "none";
  register("@opentelemetry/instrumentation/hook.mjs", import.meta.url);
  await import("./start-tracing.mjs");
}
