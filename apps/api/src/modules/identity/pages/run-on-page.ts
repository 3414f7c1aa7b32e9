import type { Language, Refusal } from "@jifen/contract";
import { type Outcome, ok, refuse } from "@jifen/core";
import type { Context as HonoContext } from "hono";
import { createAdmission } from "../../../http/admission.ts";
import { statusOfOutcome } from "../../../http/calls/call-meter.ts";
import type { Env } from "../../../http/env.ts";
import { refusalOf } from "../../../http/error-response.ts";
import { type Call, type ResponseHeaders, requestIdOf } from "../../../http/responses.ts";
import { recordIfUnexpected } from "../../../http/unexpected-error.ts";
import { createContext } from "../../../trpc/context.ts";
import type { Procedures, Runnable } from "../../../trpc/procedure.ts";
import type { PageDeps } from "./deps.ts";

/** An operation that a form submits. */
type PageCall = {
  readonly verb: keyof Procedures["auth"];
  readonly input: unknown;
  readonly language: Language;
};

/** What the operation decided, the headers that its steps set, and its name for the record of a refusal. */
type PageResult = {
  readonly outcome: Outcome<unknown, Refusal>;
  readonly headers: ResponseHeaders;
  readonly call: Call;
};

/** Runs an operation for a form, with the same steps as any other request: limits, input, handler. */
export async function runOnPage(
  { http, auth }: PageDeps,
  c: HonoContext<Env>,
  { verb, input, language }: PageCall,
): Promise<PageResult> {
  const headers: ResponseHeaders = {};
  const admission = createAdmission(http, { commands: 0, incoming: c.env.incoming });
  const context = createContext(http, {
    header: (name) => c.req.header(name),
    language: () => language,
    requestId: requestIdOf(c),
    setResponseHeader: (name, value) => {
      headers[name] = value;
    },
    calls: 1,
    isPage: true,
    takesSessionCookie: false,
    address: (isSite) => http.clientAddress(c.env.incoming, isSite),
    admission,
    callMeter: http.callMeter,
  });
  const { run }: Runnable = auth[verb];
  const operation = `auth.${verb}`;
  const outcome = await http.callMeter
    .measure({ operation, requestId: context.requestId }, () => run(context, () => ok(input)), statusOfOutcome)
    .catch((error: unknown) => {
      recordIfUnexpected(http.log, error, { requestId: context.requestId });
      return refuse(refusalOf(error));
    })
    .finally(() => admission.release());
  return { outcome, headers, call: { operation, caller: undefined } };
}
