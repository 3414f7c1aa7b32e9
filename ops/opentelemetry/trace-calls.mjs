import { tracingChannel } from "node:diagnostics_channel";
import { SpanStatusCode, trace } from "@opentelemetry/api";

/** Makes a span of each call of an operation, such as `credits.consume`, within that of its request. */
export function traceCalls() {
  const tracer = trace.getTracer("jifen");
  const spans = new WeakMap();
  tracingChannel("jifen:call").subscribe({
    start: (call) => {
      const { operation, requestId } = call;
      // Log lines and answers name the request by this id.
      const attributes = { "jifen.operation": operation, "jifen.request_id": requestId };
      spans.set(call, tracer.startSpan(operation, { attributes }));
    },
    asyncEnd: (call) => {
      const span = spans.get(call);
      span?.setAttribute("http.response.status_code", call.status);
      if (call.status >= 500) span?.setStatus({ code: SpanStatusCode.ERROR });
      span?.end();
    },
  });
}
