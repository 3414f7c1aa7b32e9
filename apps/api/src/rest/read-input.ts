import { bilingual, type Operation, type Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { Context as HonoContext } from "hono";
import { z } from "zod";
import type { Env } from "../http/env.ts";
import { inputParts, parameterIn } from "./input-parts.ts";
import { checkBodyHeaders, hasNoBody, parseJson } from "./request-body.ts";

type Texts = Readonly<Record<string, string>>;

/** What was sent; a refusal in it is for those alone who may call. */
type Sent = () => Outcome<unknown, Refusal>;

/**
 * Makes what reads an operation's input from a request, as one flat object. Refuses what is no request to this address
 * at all, before anybody knows who is calling: NOT_FOUND, then what is wrong with the body.
 */
export function inputReader(operation: Operation): (c: HonoContext<Env>) => Promise<Outcome<Sent, Refusal>> {
  const { method, path } = operation.rest;
  // Without an input there is nothing to read: a query that somebody's cache or proxy adds does no harm.
  if (operation.input instanceof z.ZodVoid) return async () => ok(() => ok(undefined));
  const { restIsOptional } = inputParts(operation);
  return async (c) => {
    const parameters = pathParameters(path, c.req.url);
    if (!parameters) return refuse({ code: "NOT_FOUND" });
    if (method === "GET") return ok(() => readQuery(c.req.url, parameters));
    const header = (name: string) => c.req.header(name);
    if (restIsOptional && hasNoBody(header)) return ok(() => ok(parameters));
    const allowed = checkBodyHeaders(header);
    if (!allowed.ok) return allowed;
    const body = parseJson(await c.req.text());
    return body.ok ? ok(() => withParameters(body.value, parameters)) : body;
  };
}

/** The parameters of a path, decoded once; undefined when one of them is not text. */
function pathParameters(path: string, url: string): Texts | undefined {
  if (!path.includes("{")) return {};
  const sent = new URL(url).pathname.split("/");
  try {
    return Object.fromEntries(
      path.split("/").flatMap((segment, at) => {
        const name = parameterIn(segment);
        return name === undefined ? [] : [[name, decodeURIComponent(sent[at] ?? "")]];
      }),
    );
  } catch {
    return undefined;
  }
}

const repeated = bilingual({ zh: "只能出现一次", en: "may be there only once" });
const otherInPath = bilingual({ zh: "与地址中的值不一致", en: "differs from the one in the address" });

function readQuery(url: string, parameters: Texts): Outcome<unknown, Refusal> {
  const { searchParams } = new URL(url);
  const [once, twice] = [new Set<string>(), new Set<string>()];
  for (const name of searchParams.keys()) (once.has(name) ? twice : once).add(name);
  if (twice.size > 0) return refuse(issuesOf([...twice], repeated));
  return withParameters(Object.fromEntries(searchParams), parameters);
}

/** What was sent beside the path, and what is in it; where both say the same thing, they agree. */
function withParameters(sent: unknown, parameters: Texts): Outcome<unknown, Refusal> {
  // What is no object has no fields to add to; the schema says so.
  if (typeof sent !== "object" || sent === null || Array.isArray(sent)) return ok(sent);
  const fields = sent as Readonly<Record<string, unknown>>;
  const names = Object.keys(parameters);
  if (names.length === 0) return ok(fields);
  const others = names.filter((name) => Object.hasOwn(fields, name) && fields[name] !== parameters[name]);
  if (others.length > 0) return refuse(issuesOf(others, otherInPath));
  return ok({ ...fields, ...parameters });
}

const issuesOf = (paths: readonly string[], message: string): Refusal => ({
  code: "VALIDATION_FAILED",
  issues: paths.map((path) => ({ path, message })),
});
