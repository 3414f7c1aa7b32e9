import { type Operation, zIdempotencyKey, zUserId } from "@jifen/contract";
import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { inputParts } from "./input-parts.ts";
import { responseHeaders, responsesOf } from "./openapi-responses.ts";
import type { Route } from "./routes.ts";

const userHeader = zUserId.optional().meta({
  description: "May repeat the token's user; a service key that may act for others names one of them.",
});
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

const securitySchemes = {
  bearer: {
    type: "http",
    scheme: "bearer",
    description:
      "A token of `POST /auth/login` (a JWT, verified as RFC8725 asks), a session token of Auth.js, or a service key.",
  },
  staff: {
    type: "http",
    scheme: "bearer",
    description: "The same, of somebody with one of these roles, or a service key of theirs with the scope.",
  },
} as const;

/** Who may call: the roles, and the scope that a service key needs. */
function accessOf({ caller, rest }: Operation): Partial<ZodOpenApiOperationObject> {
  if (caller === "anyone") return { security: [{}] };
  const scheme = rest.path.startsWith("/admin/") ? "staff" : "bearer";
  return { security: [{ [scheme]: [] }], "x-jifen-roles": [...caller.roles], "x-jifen-scope": caller.scope };
}

const describe = ({ noun, verb, operation }: Route): ZodOpenApiOperationObject => ({
  operationId: `${noun}.${verb}`,
  tags: [noun],
  summary: operation.summary.en,
  description: operation.summary.zh,
  ...accessOf(operation),
  ...requestParams(operation),
  ...requestBody(operation),
  responses: responsesOf(operation),
});

/** What each group of operations is about. */
const tags: Readonly<Record<string, string>> = {
  admin: "Credits given and taken by hand. 手动发放和收回积分。",
  auditLog: "Who did what to whom. 审计日志。",
  auth: "Who somebody is. 登录与身份。",
  credits: "What can be spent, and spending it. 余额与消费。",
  grants: "Where credits came from. 积分批次。",
  health: "Whether the process is there. 健康检查。",
  holds: "Credits set aside for a job. 预扣。",
  keys: "Service keys. 服务密钥。",
  logs: "What was called. 调用日志。",
  refunds: "Charges given back. 退款。",
  transactions: "The journal of an account. 积分流水。",
  users: "Users, for those who run the place. 用户管理。",
};

/** As much of a JSON schema as is changed on its way out. */
type JsonSchema = {
  type?: unknown;
  format?: unknown;
  propertyNames?: unknown;
  additionalProperties?: unknown;
};

/** Answers may get more fields later: a client made from this document must not stumble over them. */
function openToNewFields(jsonSchema: JsonSchema, io: "input" | "output"): void {
  if (io === "output" && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
}

/** Credits do not fit into 32 bits. */
function sayHowWide(jsonSchema: JsonSchema): void {
  if (jsonSchema.type === "integer") jsonSchema.format ??= "int64";
}

/** The REST endpoints as an OpenAPI 3.1 document, made from the operations that serve them. */
export function createOpenApiDocument(version: string, routes: readonly Route[]): ReturnType<typeof createDocument> {
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const { method, path } = route.operation.rest;
    paths[path] = { ...paths[path], [method.toLowerCase()]: describe(route) };
  }
  const nouns = [...new Set(routes.map(({ noun }) => noun))];
  return createDocument(
    {
      openapi: "3.1.0",
      info: {
        title: "Jifen 积分",
        version,
        description: "Credits, call logs and billing for AI products.",
        license: { name: "Apache-2.0", identifier: "Apache-2.0" },
      },
      servers: [
        {
          url: "/",
          description: "The server that this document comes from, local, staging or production.",
          "x-internal": false,
        },
      ],
      tags: nouns.map((name) => ({ name, description: tags[name] ?? name })),
      paths,
      components: { headers: responseHeaders, securitySchemes },
    },
    {
      override: ({ jsonSchema, io }) => {
        openToNewFields(jsonSchema, io);
        sayHowWide(jsonSchema);
        // That names are text goes without saying.
        delete jsonSchema.propertyNames;
      },
    },
  );
}
