import type { DescribedRoute } from "../../../rest/routes.ts";
import { sampleInputs } from "./inputs.ts";

/** The request of a sample, before it is written for a tool. */
export type SampleRequest = DescribedRoute & {
  /** The input as typed clients send it; undefined for an operation without one. */
  readonly input: Readonly<Record<string, unknown>> | undefined;
  /** The path with its parameters and its query. */
  readonly target: string;
  /** The body; undefined when there is none. */
  readonly body: Readonly<Record<string, unknown>> | undefined;
  /** The idempotency key, for operations that have one. */
  readonly key: string | undefined;
};

/** The request of the sample of an operation. */
export function sampleRequest(route: DescribedRoute): SampleRequest {
  const { noun, verb, operation } = route;
  const { method, path } = operation.rest;
  const input = sampleInputs[`${noun}.${verb}`];
  const others = Object.entries(input ?? {}).filter(([name]) => !path.includes(`{${name}}`));
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => pathText(String(input?.[name])));
  const query = new URLSearchParams(others.map(([name, value]): [string, string] => [name, String(value)]));
  const isQuery = method === "GET" && query.size > 0;
  return {
    ...route,
    input,
    target: isQuery ? `${filled}?${query}` : filled,
    body: method === "POST" && others.length > 0 ? Object.fromEntries(others) : undefined,
    key: operation.kind !== "stream" && operation.idempotent ? `${verb}-4711` : undefined,
  };
}

/** An at sign is allowed in a path, and easier to read than its code. */
const pathText = (text: string): string => encodeURIComponent(text).replaceAll("%40", "@");
