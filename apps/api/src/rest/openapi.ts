import { zIdempotencyKey, zUserId } from "@jifen/contract";
import { z } from "zod";
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from "zod-openapi";
import { fieldsWithoutNull } from "../trpc/absent-fields.ts";
import { inputParts } from "./input-parts.ts";
import { responseHeaders, responsesOf } from "./openapi-responses.ts";
import type { DescribedRoute } from "./routes.ts";

const userHeader = zUserId.optional().meta({
  description:
    "The user id of the token (optional). A service key with the scope `act-as` sends the id of the user it acts for.",
});
const createUserHeader = z.enum(["true", "false"]).optional().meta({
  description:
    "`true`: a service key with `act-as` and `users:write` creates the user of X-User-Id if it does not exist, with the initial credits. The default is the setting CREATE_USERS.",
});
const keyHeader = zIdempotencyKey
  .optional()
  .meta({ description: "Repeated requests with the same key take effect only once." });

type Described = DescribedRoute["operation"];

const isIdempotent = (operation: Described): boolean => operation.kind !== "stream" && operation.idempotent;

const isEmpty = (fields: object): boolean => Object.keys(fields).length === 0;

/** The path, query and header parameters of an operation. */
function requestParams(operation: Described): Pick<ZodOpenApiOperationObject, "requestParams"> {
  const { path, fields } = inputParts(operation);
  const query = operation.rest.method === "GET" ? fields : {};
  const header = {
    ...(operation.caller === "anyone" ? {} : { "X-User-Id": userHeader, "X-Create-User": createUserHeader }),
    ...(isIdempotent(operation) ? { "Idempotency-Key": keyHeader } : {}),
  };
  const params = {
    ...(isEmpty(path) ? {} : { path: z.object(path) }),
    ...(isEmpty(query) ? {} : { query: z.object(query) }),
    ...(isEmpty(header) ? {} : { header: z.object(header) }),
  };
  return isEmpty(params) ? {} : { requestParams: params };
}

/** The fields of a body as the server accepts them: null in an optional field means that it is absent. */
function acceptedFields(fields: z.ZodObject["shape"]): z.ZodObject["shape"] {
  const names = fieldsWithoutNull(fields);
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, names.includes(name) ? z.nullable(field) : field]),
  );
}

/** The request body of an operation: its input without the path parameters. */
function requestBody(operation: Described): Pick<ZodOpenApiOperationObject, "requestBody"> {
  const { fields, areFieldsOptional } = inputParts(operation);
  if (operation.rest.method === "GET" || isEmpty(fields)) return {};
  return {
    requestBody: {
      required: !areFieldsOptional,
      content: { "application/json": { schema: z.strictObject(acceptedFields(fields)) } },
    },
  };
}

const securitySchemes = {
  bearer: {
    type: "http",
    scheme: "bearer",
    description:
      "A token of `POST /auth/login` (a JWT, verified according to RFC8725), a session token of Auth.js, or a service key.",
  },
  staff: {
    type: "http",
    scheme: "bearer",
    description: "The same, but the user must have one of the roles. A service key also needs the scope.",
  },
} as const;

/** The roles that can call an operation, and the scope that a service key needs. */
function accessOf({ caller, rest }: Described): Partial<ZodOpenApiOperationObject> {
  if (caller === "anyone") return { security: [{}] };
  const scheme = rest.path.startsWith("/admin/") ? "staff" : "bearer";
  return { security: [{ [scheme]: [] }], "x-jifen-roles": [...caller.roles], "x-jifen-scope": caller.scope };
}

const describe = ({ noun, verb, operation }: DescribedRoute): ZodOpenApiOperationObject => ({
  operationId: `${noun}.${verb}`,
  tags: [noun],
  summary: operation.summary.en,
  description: operation.summary.zh,
  ...accessOf(operation),
  ...requestParams(operation),
  ...requestBody(operation),
  responses: responsesOf(operation),
});

/** The descriptions of the groups of operations. */
const tags: Readonly<Record<string, string>> = {
  adminStatements: "Statements of any user, for staff. 任意用户的对账单（员工）。",
  admin: "Manual grants and revocations of credits. 手动发放和收回积分。",
  auditLog: "Audit log. 审计日志。",
  auth: "Login and identity. 登录与身份。",
  credits: "Balance and consumption. 余额与消费。",
  grants: "Grants: batches of credits with a source and an expiry. 积分批次。",
  health: "Health check. 健康检查。",
  holds: "Holds: credits reserved for a job. 预扣。",
  keys: "Service keys. 服务密钥。",
  adminLogs: "Call logs of all users, for staff. 全部用户的调用日志（员工）。",
  live: "Live events. 实时事件。",
  logs: "Call logs. 调用日志。",
  adminOrders: "Orders of all users, for staff. 全部用户的订单（员工）。",
  orders: "Orders: buying credits. 订单：购买积分。",
  refunds: "Refunds. 退款。",
  statements: "Statements of a month. 月度对账单。",
  transactions: "Transactions: the journal of an account. 积分流水。",
  users: "User management. 用户管理。",
};

/** The parts of a JSON schema that are changed below. */
type JsonSchema = {
  type?: unknown;
  format?: unknown;
  propertyNames?: unknown;
  additionalProperties?: unknown;
};

/** Responses can get new fields later. A client generated from this document must accept them. */
function allowNewFields(jsonSchema: JsonSchema, io: "input" | "output"): void {
  if (io === "output" && jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties;
}

/** Credits do not fit into 32 bits. */
function setIntegerFormat(jsonSchema: JsonSchema): void {
  if (jsonSchema.type === "integer") jsonSchema.format ??= "int64";
}

/**
 * Creates the OpenAPI 3.1 document of the REST endpoints from their operations. Without the configured address of the
 * server, its address is relative to that of the document, also under the path of another site.
 */
export function createOpenApiDocument(
  version: string,
  routes: readonly DescribedRoute[],
  configuredUrl?: string,
): ReturnType<typeof createDocument> {
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
          url: configuredUrl ?? ".",
          description: "The server that serves this document: local, staging or production.",
          "x-internal": false,
        },
      ],
      tags: nouns.map((name) => ({ name, description: tags[name] ?? name })),
      paths,
      components: { headers: responseHeaders, securitySchemes },
    },
    {
      override: ({ jsonSchema, io }) => {
        allowNewFields(jsonSchema, io);
        setIntegerFormat(jsonSchema);
        // Property names are always strings, and some generators do not support this keyword.
        delete jsonSchema.propertyNames;
      },
    },
  );
}
