import { bilingual, type Operation, type Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { Context as HonoContext } from "hono";
import { z } from "zod";
import type { Env } from "../http/env.ts";
import { inputParts, parameterIn } from "./input-parts.ts";
import { checkBodyHeaders, hasNoBody, parseJson } from "./request-body.ts";

type TextByName = Readonly<Record<string, string>>;

/** What a request to an operation carries, before its fields are checked. */
export type ReceivedInput =
  | { readonly from: "nothing" }
  | { readonly from: "query"; readonly query: URLSearchParams; readonly parameters: TextByName }
  | { readonly from: "body"; readonly body: unknown; readonly parameters: TextByName };

/**
 * The first of two steps from a request to an operation's input: reads it. Needs no caller.
 * Refuses what is no valid request to this path: NOT_FOUND, then what `checkBodyHeaders` and `parseJson` refuse.
 */
export function inputReceiver(operation: Operation): (c: HonoContext<Env>) => Promise<Outcome<ReceivedInput, Refusal>> {
  const { method, path } = operation.rest;
  // An operation without input ignores the query: caches and proxies add parameters of their own.
  if (operation.input instanceof z.ZodVoid) return async () => ok({ from: "nothing" });
  const { areFieldsOptional } = inputParts(operation);
  return async (c) => {
    const parameters = pathParameters(path, c.req.url);
    if (!parameters) return refuse({ code: "NOT_FOUND" });
    if (method === "GET") return ok({ from: "query", query: new URL(c.req.url).searchParams, parameters });
    const header = (name: string) => c.req.header(name);
    if (areFieldsOptional && hasNoBody(header)) return ok({ from: "body", body: {}, parameters });
    const allowed = checkBodyHeaders(header);
    if (!allowed.ok) return allowed;
    const body = parseJson(await c.req.text());
    return body.ok ? ok({ from: "body", body: body.value, parameters }) : body;
  };
}

/**
 * The second step: joins path, query and body into one flat object. Its refusals are only for callers who may call the
 * operation. Refuses: VALIDATION_FAILED.
 */
export function toInput(received: ReceivedInput): Outcome<unknown, Refusal> {
  switch (received.from) {
    case "nothing":
      return ok(undefined);
    case "query":
      return fromQuery(received.query, received.parameters);
    case "body":
      return withParameters(received.body, received.parameters);
    default:
      return received satisfies never;
  }
}

/** The parameters of a path, decoded once; undefined when one of them cannot be decoded. */
function pathParameters(path: string, url: string): TextByName | undefined {
  if (!path.includes("{")) return {};
  const requested = new URL(url).pathname.split("/");
  try {
    return Object.fromEntries(
      path.split("/").flatMap((segment, index) => {
        const name = parameterIn(segment);
        return name === undefined ? [] : [[name, decodeURIComponent(requested[index] ?? "")]];
      }),
    );
  } catch {
    return undefined;
  }
}

const repeated = bilingual({ zh: "只能出现一次", en: "must not be repeated" });
const differsFromPath = bilingual({ zh: "与地址中的值不一致", en: "differs from the value in the path" });

function fromQuery(query: URLSearchParams, parameters: TextByName): Outcome<unknown, Refusal> {
  const [once, twice] = [new Set<string>(), new Set<string>()];
  for (const name of query.keys()) (once.has(name) ? twice : once).add(name);
  if (twice.size > 0) return refuse(validationFailed([...twice], repeated));
  return withParameters(Object.fromEntries(query), parameters);
}

/** Adds the path parameters to the fields. A field that repeats a path parameter must have the same value. */
function withParameters(value: unknown, parameters: TextByName): Outcome<unknown, Refusal> {
  // There are no fields to add to; the schema refuses the value.
  if (typeof value !== "object" || value === null || Array.isArray(value)) return ok(value);
  const fields = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(parameters);
  if (names.length === 0) return ok(fields);
  const different = names.filter((name) => Object.hasOwn(fields, name) && fields[name] !== parameters[name]);
  if (different.length > 0) return refuse(validationFailed(different, differsFromPath));
  return ok({ ...fields, ...parameters });
}

const validationFailed = (paths: readonly string[], message: string): Refusal => ({
  code: "VALIDATION_FAILED",
  issues: paths.map((path) => ({ path, message })),
});
