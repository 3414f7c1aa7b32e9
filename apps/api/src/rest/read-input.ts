import { bilingual, type Operation, type Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { Context as HonoContext } from "hono";
import { z } from "zod";
import { receiveChunkedBody } from "../http/chunked-body.ts";
import type { Env } from "../http/env.ts";
import { decodeJson, parseJson } from "../http/json/strict-json.ts";
import { readQuery } from "../http/query.ts";
import { inputParts, parameterIn } from "./input-parts.ts";
import { checkBodyHeaders, hasNoBody, MAX_BODY_BYTES } from "./request-body.ts";

type TextByName = Readonly<Record<string, string>>;

/** What a request to an operation carries, before its fields are checked. */
export type ReceivedInput =
  | { readonly from: "nothing" }
  | { readonly from: "query"; readonly search: string; readonly parameters: TextByName }
  | { readonly from: "body"; readonly body: unknown; readonly parameters: TextByName };

/** Reads the body, when there is one. Refuses what `parseJson` refuses. */
type ReceiveInput = () => Promise<Outcome<ReceivedInput, Refusal>>;

/**
 * The first of two steps from a request to an operation's input, before there is a caller: checks what is known without the
 * body, and returns the function that reads it. A request without permission is answered without reading its body.
 * Refuses what is no valid request to this path: NOT_FOUND, then what `checkBodyHeaders` refuses.
 */
export function inputReceiver(
  operation: Pick<Operation, "rest" | "input">,
): (c: HonoContext<Env>) => Outcome<ReceiveInput, Refusal> {
  const { method, path, maxBodyBytes = MAX_BODY_BYTES } = operation.rest;
  // An operation without input ignores the query: caches and proxies add parameters of their own.
  if (operation.input instanceof z.ZodVoid) return () => ok(async () => ok({ from: "nothing" }));
  const { areFieldsOptional } = inputParts(operation);
  return (c) => {
    const parameters = pathParameters(path, c.req.url);
    if (!parameters) return refuse({ code: "NOT_FOUND" });
    if (method === "GET") {
      return ok(async () => ok({ from: "query", search: new URL(c.req.url).search, parameters }));
    }
    const header = (name: string) => c.req.header(name);
    if (areFieldsOptional && hasNoBody(header)) return ok(async () => ok({ from: "body", body: {}, parameters }));
    const allowed = checkBodyHeaders(header, maxBodyBytes);
    if (!allowed.ok) return allowed;
    return ok(async () => {
      const arrived = await receiveChunkedBody(c.env, maxBodyBytes);
      if (!arrived.ok) return arrived;
      const text = decodeJson(await c.req.arrayBuffer());
      if (!text.ok) return text;
      if (areFieldsOptional && text.value === "") return ok({ from: "body", body: {}, parameters });
      const body = parseJson(text.value);
      return body.ok ? ok({ from: "body", body: body.value, parameters }) : body;
    });
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
      return fromQuery(received.search, received.parameters);
    case "body":
      return withParameters(received.body, received.parameters);
    default:
      return received satisfies never;
  }
}

/**
 * The parameters of a path, decoded once; undefined when one of them cannot be decoded. An empty parameter makes two
 * slashes: the next segment must not take its place.
 */
function pathParameters(path: string, url: string): TextByName | undefined {
  if (!path.includes("{")) return {};
  const pathname = new URL(url).pathname.replaceAll(/^\/+|\/+$/g, "");
  if (pathname.includes("//")) return undefined;
  const requested = ["", ...pathname.split("/")];
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

const differsFromPath = bilingual({ zh: "与地址中的值不一致", en: "differs from the value in the path" });

function fromQuery(search: string, parameters: TextByName): Outcome<unknown, Refusal> {
  const query = readQuery(search);
  return query.ok ? withParameters(query.value, parameters) : query;
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
