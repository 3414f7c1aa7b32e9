/** Starts the SDK, with what the server does: requests, calls of operations, statements, calls of other services. */
import { HttpInstrumentation } from "@opentelemetry/instrumentation-http";
import { MongoDBInstrumentation } from "@opentelemetry/instrumentation-mongodb";
import { PgInstrumentation } from "@opentelemetry/instrumentation-pg";
import { UndiciInstrumentation } from "@opentelemetry/instrumentation-undici";
import { NodeSDK } from "@opentelemetry/sdk-node";
import { traceCalls } from "./trace-calls.mjs";

const probes = new Set(["/livez", "/readyz", "/healthz", "/metrics"]);

const http = new HttpInstrumentation({
  ignoreIncomingRequestHook: ({ url }) => probes.has(String(url).split("?")[0] ?? ""),
});

// Statements have no values in them, and stay without: spans go to people who may not read the ledger.
const instrumentations = [http, new PgInstrumentation(), new MongoDBInstrumentation(), new UndiciInstrumentation()];
const sdk = new NodeSDK({ instrumentations });
sdk.start();
traceCalls();

// The server finishes its requests first, and ends the process itself.
for (const signal of ["SIGTERM", "SIGINT"]) process.once(signal, () => void sdk.shutdown().catch(() => undefined));
