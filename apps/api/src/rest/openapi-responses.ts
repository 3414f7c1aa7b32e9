import {
  bodyRefusals,
  callerRefusals,
  commonRefusals,
  type Operation,
  type RefusalCode,
  refusals,
  roles,
  scopes,
} from "@jifen/contract";
import { entryKinds, holdStates } from "@jifen/core";
import { z } from "zod";
import type { ZodOpenApiResponsesObject } from "zod-openapi";

const zText = (maxLength: number) => z.string().meta({ maxLength });
const zSomeRoles = z.array(z.enum(roles)).max(roles.length);
const zSomeScopes = z.array(z.enum(scopes)).max(scopes.length);

const error = {
  message: zText(1_000).meta({ description: "For people, in the language of Accept-Language." }),
  code: z.enum(Object.keys(refusals) as [RefusalCode, ...RefusalCode[]]).meta({ description: "For programs; stable." }),
  requestId: zText(128),
  issues: z
    .array(z.object({ path: zText(1_000), message: zText(1_000) }))
    .max(1_000)
    .optional(),
  balance: z.int().optional(),
  required: z.int().optional(),
  limitBytes: z.int().optional(),
  transactionId: zText(100).optional(),
  state: z.enum(holdStates).exclude(["pending"]).optional(),
  resolvedAt: zText(24).optional(),
  amount: z.int().optional(),
  held: z.int().optional(),
  charged: z.int().optional(),
  refunded: z.int().optional(),
  kind: z.enum(entryKinds).optional(),
  limit: z.int().optional(),
  retryAfterSeconds: z.int().optional(),
  reason: z.literal("invalid_token").optional(),
  roles: zSomeRoles.optional(),
  scope: z.enum(scopes).nullable().optional(),
  scopes: zSomeScopes.optional(),
};

const zError = z
  .object(error)
  .meta({ id: "Error", description: "Every error has this shape; the numbers depend on the code." });

const zProblem = z
  .object({ type: z.literal("about:blank"), title: zText(1_000), status: z.int(), ...error })
  .meta({ id: "Problem", description: "The same as problem details (RFC 9457), for who asks for them in Accept." });

/** Every refusal that an operation may answer with. */
export const codesOf = (operation: Operation): readonly RefusalCode[] => [
  ...new Set([
    ...operation.refusals,
    ...(operation.rest.method === "POST" ? bodyRefusals : []),
    ...(operation.caller === "anyone" ? [] : callerRefusals),
    ...commonRefusals,
  ]),
];

const header = (description: string, maxLength: number) =>
  ({ description, schema: { type: "string", maxLength } }) as const;

/** Headers of answers, by name. */
export const responseHeaders = {
  "X-Request-Id": header("The caller's id of the request, or ours; the log has it.", 128),
  "Access-Control-Allow-Origin": header("The caller's origin, where FRONTEND_URL names it.", 300),
  RateLimit: header(
    "What is left, and when it begins anew (draft-ietf-httpapi-ratelimit-headers). Not there where nothing is counted.",
    200,
  ),
  "RateLimit-Policy": header("How much is allowed in which time. Not there where nothing is counted.", 200),
  "Retry-After": header("Seconds to wait (RFC 9110, section 10.2.3).", 10),
  "WWW-Authenticate": header("What a credential has to be, and what was wrong with this one (RFC 6750).", 200),
  "Idempotency-Replayed": header("`true` when this was done before, under the same key.", 10),
} as const;

const named = (...names: readonly (keyof typeof responseHeaders)[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
const onEveryAnswer = ["X-Request-Id", "Access-Control-Allow-Origin", "RateLimit", "RateLimit-Policy"] as const;

function errorHeaders(status: number) {
  if (status === 401) return named(...onEveryAnswer, "WWW-Authenticate");
  return status === 429 || status === 503 ? named(...onEveryAnswer, "Retry-After") : named(...onEveryAnswer);
}

/** One response for each status; those of errors name the codes that they can carry. */
export function responsesOf(operation: Operation): ZodOpenApiResponsesObject {
  const byStatus = Object.groupBy(codesOf(operation), (code) => String(refusals[code].status));
  const errors = Object.entries(byStatus).map(([status, codes = []]) => [
    status,
    {
      description: codes.map((code) => `\`${code}\`: ${refusals[code].en}. ${refusals[code].zh}。`).join("\n\n"),
      headers: errorHeaders(Number(status)),
      content: { "application/json": { schema: zError }, "application/problem+json": { schema: zProblem } },
    },
  ]);
  const done = {
    description: "Done.",
    headers: operation.idempotent ? named(...onEveryAnswer, "Idempotency-Replayed") : named(...onEveryAnswer),
    content: { "application/json": { schema: operation.output } },
  };
  return { "200": done, ...Object.fromEntries(errors) };
}
