import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

type Value = { readonly stringValue?: string; readonly intValue?: number };

/** A span as OTLP has it in JSON. https://opentelemetry.io/docs/specs/otlp/ */
export type Span = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: Value }[];
};
type Body = { readonly resourceSpans: readonly { readonly scopeSpans: readonly { readonly spans: Span[] }[] }[] };

/** Takes spans over HTTP and keeps them. Answers requests to other paths with nothing. */
export async function startTraceCollector() {
  const spans: Span[] = [];
  const server = createServer(async (request, response) => {
    if (request.url !== "/v1/traces") return void response.end();
    const { resourceSpans } = (await json(request)) as Body;
    spans.push(...resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap((scope) => scope.spans)));
    response.setHeader("content-type", "application/json").end("{}");
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    spans,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

/** An attribute of a span as text. */
export const attribute = ({ attributes }: Span, key: string): string | undefined => {
  const value = attributes.find((each) => each.key === key)?.value;
  return value?.stringValue ?? value?.intValue?.toString();
};
