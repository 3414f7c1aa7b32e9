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
import { z } from "zod";
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponsesObject,
} from "zod-openapi";
import { routes } from "./adapter.ts";

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
  })
  .meta({ id: "Error", description: "Every error has this shape; the numbers depend on the code." });

/** Every refusal that an operation may answer with. */
export const codesOf = (operation: Operation): readonly RefusalCode[] => [
  ...operation.refusals,
  ...(operation.rest.method === "POST" ? bodyRefusals : []),
  ...(operation.caller === "user" ? callerRefusals : []),
  ...commonRefusals,
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

function headersOf(operation: Operation) {
  const shape = {
    ...(operation.caller === "user" ? { "X-User-Id": userHeader } : {}),
    ...(operation.idempotent ? { "Idempotency-Key": keyHeader } : {}),
  };
  return Object.keys(shape).length === 0 ? {} : { requestParams: { header: z.object(shape) } };
}

function describe(id: { noun: string; verb: string }, operation: Operation): ZodOpenApiOperationObject {
  return {
    operationId: `${id.noun}.${id.verb}`,
    tags: [id.noun],
    summary: operation.summary.en,
    description: operation.summary.zh,
    security: operation.caller === "user" ? [{ bearer: [] }] : [],
    ...headersOf(operation),
    ...(operation.rest.method === "POST"
      ? { requestBody: { required: true, content: { "application/json": { schema: operation.input as z.ZodObject } } } }
      : {}),
    responses: {
      "200": { description: "Done.", content: { "application/json": { schema: operation.output as z.ZodObject } } },
      ...errorResponses(operation),
    },
  };
}

/** The REST endpoints as an OpenAPI 3.1 document, made from the operations that serve them. */
export function createOpenApiDocument(version: string): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const { noun, verb, operation } of routes) {
    const { method, path } = operation.rest;
    paths[path] = { ...paths[path], [method.toLowerCase()]: describe({ noun, verb }, operation) };
  }
  return createDocument({
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
  });
}
