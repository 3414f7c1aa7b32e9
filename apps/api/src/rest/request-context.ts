import type { Context as HonoContext } from "hono";
import type { Admission } from "../http/admission.ts";
import type { Deps } from "../http/deps.ts";
import type { Env } from "../http/env.ts";
import { type ResponseHeaders, type Responses, requestIdOf } from "../http/responses.ts";
import { isSessionPath } from "../modules/identity/session/cookie.ts";
import { type Context, createContext } from "../trpc/context.ts";

/** What the context of a REST request is made of. */
export type RequestDeps = Pick<
  Deps,
  | "callMeter"
  | "sessions"
  | "browserSessions"
  | "keys"
  | "userCache"
  | "namedUsers"
  | "rateLimits"
  | "isCircuitOpen"
  | "clientAddress"
>;

/** What a request has of its own. `headers` gets the headers that the steps before the handler set. */
type RequestParts = {
  readonly admission: Admission;
  readonly headers: ResponseHeaders;
  readonly responses: Pick<Responses, "language">;
};

/** Creates the context of a REST request. */
export function createRequestContext(
  deps: RequestDeps,
  c: HonoContext<Env>,
  { admission, headers, responses }: RequestParts,
): Context {
  const { incoming } = c.env;
  return createContext(deps, {
    header: (name) => c.req.header(name),
    language: () => responses.language(c),
    requestId: requestIdOf(c),
    setResponseHeader: (name, value) => {
      headers[name] = value;
    },
    calls: 1,
    takesSessionCookie: isSessionPath(c.req.path),
    callMeter: deps.callMeter,
    address: (isSite) => deps.clientAddress(incoming, isSite),
    admission,
  });
}
