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
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from "zod-openapi";
import type { DescribedRoute } from "./routes.ts";

const zText = (maxLength: number) => z.string().meta({ maxLength });
const zSomeRoles = z.array(z.enum(roles)).max(roles.length);
const zSomeScopes = z.array(z.enum(scopes)).max(scopes.length);

const error = {
  message: zText(1_000).meta({ description: "A sentence for users, in the language of Accept-Language." }),
  code: z
    .enum(Object.keys(refusals) as [RefusalCode, ...RefusalCode[]])
    .meta({ description: "Stable error code for programs." }),
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
  missing: z.enum(["role", "scope", "person"]).optional(),
  roles: zSomeRoles.optional(),
  scope: z.enum(scopes).nullable().optional(),
  scopes: zSomeScopes.optional(),
};

const zError = z
  .object(error)
  .meta({ id: "Error", description: "Every error has this shape. The optional fields depend on the code." });

const zProblem = z.object({ type: z.literal("about:blank"), title: zText(1_000), status: z.int(), ...error }).meta({
  id: "Problem",
  description: "The same error as problem details (RFC 9457), when the Accept header prefers them.",
});

/** Every refusal that an operation can return. */
const codesOf = (operation: DescribedRoute["operation"]): readonly RefusalCode[] => [
  ...new Set([
    ...operation.refusals,
    ...(operation.rest.method === "POST" ? bodyRefusals : []),
    ...(operation.caller === "anyone" ? [] : callerRefusals),
    ...commonRefusals,
  ]),
];

const header = (description: string, maxLength: number) =>
  ({ description, schema: { type: "string", maxLength } }) as const;

/** Response headers, by name. */
export const responseHeaders = {
  "X-Request-Id": header(
    "The request id: the one that the client sent, or a new one. It is also in the server's log.",
    128,
  ),
  "Access-Control-Allow-Origin": header("The origin of the request, if FRONTEND_URL contains it.", 300),
  RateLimit: header(
    "Remaining calls and seconds until the limit resets (draft-ietf-httpapi-ratelimit-headers). Absent if no limit applies.",
    200,
  ),
  "RateLimit-Policy": header("Allowed calls and window in seconds. Absent if no limit applies.", 200),
  "Retry-After": header("Seconds to wait before a retry (RFC 9110, section 10.2.3).", 10),
  "WWW-Authenticate": header(
    "The expected kind of credential, and the error of the one that was sent (RFC 6750).",
    200,
  ),
  "Idempotency-Replayed": header(
    "`true` if an earlier request with the same idempotency key did it. This request then had no effect.",
    10,
  ),
} as const;

const headerRefs = (...names: readonly (keyof typeof responseHeaders)[]) =>
  Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
const onEveryResponse = ["X-Request-Id", "Access-Control-Allow-Origin", "RateLimit", "RateLimit-Policy"] as const;

function errorHeaders(status: number) {
  if (status === 401) return headerRefs(...onEveryResponse, "WWW-Authenticate");
  return status === 429 || status === 503
    ? headerRefs(...onEveryResponse, "Retry-After")
    : headerRefs(...onEveryResponse);
}

/** One response for each status. The description of an error response lists its codes. */
export function responsesOf(operation: DescribedRoute["operation"]): ZodOpenApiResponsesObject {
  const byStatus = Object.groupBy(codesOf(operation), (code) => String(refusals[code].status));
  const errors = Object.entries(byStatus).map(([status, codes = []]) => [
    status,
    {
      description: codes.map((code) => `\`${code}\`: ${refusals[code].en}. ${refusals[code].zh}。`).join("\n\n"),
      headers: errorHeaders(Number(status)),
      content: { "application/json": { schema: zError }, "application/problem+json": { schema: zProblem } },
    },
  ]);
  return { "200": successOf(operation), ...Object.fromEntries(errors) };
}

function successOf(operation: DescribedRoute["operation"]): ZodOpenApiResponseObject {
  if (operation.kind === "stream") return streamOf(operation.contentTypes);
  return {
    description: "Success.",
    headers: operation.idempotent
      ? headerRefs(...onEveryResponse, "Idempotency-Replayed")
      : headerRefs(...onEveryResponse),
    content: { "application/json": { schema: operation.output }, ...furtherFormsOf(operation) },
  };
}

const furtherFormsOf = ({ rest }: Operation): NonNullable<ZodOpenApiResponseObject["content"]> =>
  Object.fromEntries(Object.values(rest.formats ?? {}).map((type) => [mediaTypeOf(type), {}]));

const streamOf = (contentTypes: readonly string[]): ZodOpenApiResponseObject => ({
  description:
    "A stream of unknown length. If it fails after its first byte, the connection is closed before the end of the response.",
  headers: headerRefs(...onEveryResponse),
  content: Object.fromEntries(contentTypes.map((type) => [mediaTypeOf(type), {}])),
});

/** A content type without its parameters. */
const mediaTypeOf = (contentType: string): string => contentType.replace(/;.*/, "");
