/** Starts the SDK, with what the server does: requests, calls of operations, statements, calls of other services. */
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { MongoDBInstrumentation } from "@opentelemetry/instrumentation-mongodb";
import { PgInstrumentation } from "@opentelemetry/instrumentation-pg";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { hideAddresses } from "./hide-addresses.mjs";
import { traceCalls } from "./trace-calls.mjs";

const probes = new Set(["/livez", "/readyz", "/healthz", "/metrics"]);

const http = new HttpInstrumentation({
  ignoreIncomingRequestHook: ({ url }) => probes.has(String(url).split("?")[0] ?? ""),
  requestHook: hideAddresses,
});
const fetches = new UndiciInstrumentation({ requestHook: hideAddresses });

// Statements have no values in them, and stay without: spans go to people who may not read the ledger.
const sdk = new NodeSDK({ instrumentations: [http, fetches, new PgInstrumentation(), new MongoDBInstrumentation()] });
sdk.start();
traceCalls();

for (const signal of ["SIGTERM", "SIGINT"]) {
  process.once(signal, async () => {
    await sdk.shutdown().catch(() => undefined);
    // The server finishes its requests first, and ends the process itself. A command has no such handler.
    if (process.listenerCount(signal) === 0) process.kill(process.pid, signal);
  });
}
