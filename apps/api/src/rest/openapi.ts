import {
  bodyRefusals,
  callerRefusals,
  commonRefusals,
  type Operation,
  type RefusalCode,
  refusals,
  zIdempotencyKey,
  zUserId,
} from "@jifen/contract";
import { holdStates, transactionKinds } from "@jifen/ledger";
import { z } from "zod";
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from "zod-openapi";
import { inputParts } from "./input-parts.ts";
import type { Route } from "./routes.ts";

const zError = z
  .object({
    message: z.string().meta({ description: "For people, in the language of Accept-Language." }),
    code: z
      .enum(Object.keys(refusals) as [RefusalCode, ...RefusalCode[]])
      .meta({ description: "For programs; stable." }),
    requestId: z.string(),
    issues: z.array(z.object({ path: z.string(), message: z.string() })).optional(),
    balance: z.int().optional(),
    required: z.int().optional(),
    limitBytes: z.int().optional(),
    transactionId: z.string().optional(),
    state: z.enum(holdStates).exclude(["pending"]).optional(),
    resolvedAt: z.string().optional(),
    amount: z.int().optional(),
    held: z.int().optional(),
    charged: z.int().optional(),
    refunded: z.int().optional(),
    kind: z.enum(transactionKinds).optional(),
    limit: z.int().optional(),
    reason: z.literal("invalid_token").optional(),
  })
  .meta({ id: "Error", description: "Every error has this shape; the numbers depend on the code." });

/** Every refusal that an operation may answer with. */
export const codesOf = (operation: Operation): readonly RefusalCode[] => [
  ...new Set([
    ...operation.refusals,
    ...(operation.rest.method === "POST" ? bodyRefusals : []),
    ...(operation.caller === "anyone" ? [] : callerRefusals),
    ...commonRefusals,
  ]),
];

/** One response for each status, naming the codes that it can carry. */
function errorResponses(operation: Operation): ZodOpenApiResponsesObject {
  const byStatus = Object.groupBy(codesOf(operation), (code) => String(refusals[code].status));
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, codes = []]) => [
      status,
      {
        description: codes.map((code) => `\`${code}\`: ${refusals[code].en}. ${refusals[code].zh}。`).join("\n\n"),
        content: { "application/json": { schema: zError } },
      },
    ]),
  );
}

const userHeader = zUserId.optional().meta({ description: "May repeat the token's user; anything else is refused." });
const keyHeader = zIdempotencyKey
  .optional()
  .meta({ description: "Makes the request happen once, however often it is sent." });

const isEmpty = (fields: object): boolean => Object.keys(fields).length === 0;

/** What an operation takes beside a body. */
function requestParams(operation: Operation): Pick<ZodOpenApiOperationObject, "requestParams"> {
  const { path, rest } = inputParts(operation);
  const query = operation.rest.method === "GET" ? rest : {};
  const header = {
    ...(operation.caller === "anyone" ? {} : { "X-User-Id": userHeader }),
    ...(operation.idempotent ? { "Idempotency-Key": keyHeader } : {}),
  };
  const params = {
    ...(isEmpty(path) ? {} : { path: z.object(path) }),
    ...(isEmpty(query) ? {} : { query: z.object(query) }),
    ...(isEmpty(header) ? {} : { header: z.object(header) }),
  };
  return isEmpty(params) ? {} : { requestParams: params };
}

/** What an operation takes in a body: its input but for what stands in the path. */
function requestBody(operation: Operation): Pick<ZodOpenApiOperationObject, "requestBody"> {
  const { rest, restIsOptional } = inputParts(operation);
  if (operation.rest.method === "GET" || isEmpty(rest)) return {};
  return {
    requestBody: { required: !restIsOptional, content: { "application/json": { schema: z.strictObject(rest) } } },
  };
}

function describe({ noun, verb, operation }: Route): ZodOpenApiOperationObject {
  return {
    operationId: `${noun}.${verb}`,
    tags: [noun],
    summary: operation.summary.en,
    description: operation.summary.zh,
    security: operation.caller === "anyone" ? [] : [{ bearer: [] }],
    ...requestParams(operation),
    ...requestBody(operation),
    responses: {
      "200": { description: "Done.", content: { "application/json": { schema: operation.output } } },
      ...errorResponses(operation),
    },
  };
}

/** Answers may get more fields later: a client made from this document must not stumble over them. */
function openToNewFields(jsonSchema: { additionalProperties?: unknown }, io: "input" | "output"): void {
  if (io === "output" && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
}

/** The REST endpoints as an OpenAPI 3.1 document, made from the operations that serve them. */
export function createOpenApiDocument(version: string, routes: readonly Route[]): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const { method, path } = route.operation.rest;
    paths[path] = { ...paths[path], [method.toLowerCase()]: describe(route) };
  }
  return createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: "Jifen 积分",
        version,
        description: "Credits, call logs and billing for AI products.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [{ url: "/" }],
      tags: [...new Set(routes.map(({ noun }) => noun))].map((name) => ({ name })),
      paths,
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer", bearerFormat: "JWT" } } },
    },
    { override: ({ jsonSchema, io }) => openToNewFields(jsonSchema, io) },
  );
}
