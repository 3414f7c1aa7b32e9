import {
  bodyRefusals,
  callerRefusals,
  commonRefusals,
  type Operation,
  operations,
  type RefusalCode,
  refusals,
  type StreamOperation,
  streams,
} from "@jifen/contract";
import { type Field, fieldsOf } from "./fields.ts";
import {
  code,
  generatedNote,
  type Language,
  otherLanguage,
  type Page,
  page,
  pathOf,
  table,
  type Wording,
} from "./markdown.ts";

type Described = Operation | StreamOperation;
type Route = { readonly name: string; readonly noun: string; readonly operation: Described };

const routesOf = (table: Readonly<Record<string, Readonly<Record<string, Described>>>>): readonly Route[] =>
  Object.entries(table).flatMap(([noun, verbs]) =>
    Object.entries(verbs).map(([verb, operation]) => ({ name: `${noun}.${verb}`, noun, operation })),
  );

const routes: readonly Route[] = [...routesOf(operations), ...routesOf(streams)];

const words = {
  title: { en: "API reference", zh: "接口参考" },
  intro: {
    en: [
      "Every operation is served twice: as a REST endpoint and as a tRPC procedure under `/trpc`. A running server shows the",
      "same at `/docs`, and as OpenAPI 3.1 at `/openapi.json`.",
      "",
      "- **Credential**: `Authorization: Bearer …` with a token of `POST /auth/login`, an Auth.js session token, or a service key.",
      "- **Acting user**: `X-User-Id` may repeat the user of the token. A service key with the scope `act-as` names any user in it.",
      "  An address beyond ASCII is sent in bytes of UTF-8, or as `UTF-8''` and percent-encoded text: `UTF-8''j%C3%BCrgen%40example.com`.",
      "- **E-mail addresses**: case does not matter, domains are stored in ASCII (`me@münchen.de` is `me@xn--mnchen-3ya.de`), local parts can have",
      "  letters and digits of any script. In `X-User-Id`, `userId` and Auth.js tokens a local part with compatibility characters (`ﬁ`, full-width",
      "  letters) is the id of no user.",
      "- **Idempotency**: operations marked *idempotent* take the header `Idempotency-Key` or the field `idempotencyKey`. The same",
      "  key never takes effect twice; a replay has the header `Idempotency-Replayed: true`.",
      "- **Bodies**: JSON in UTF-8 without a byte order mark, no name twice in one object. `null` in an optional field means that the",
      "  field is absent; in metadata and details it is data.",
      "- **Errors**: every error is `{ message, code, requestId }` and, for some codes, more fields: [errors](errors.md).",
      "- **Pages**: lists take `limit` and `cursor` and answer `{ items, nextCursor }`.",
    ].join("\n"),
    zh: [
      "每个操作同时提供 REST 接口和 `/trpc` 下的 tRPC 过程。运行中的服务器在 `/docs` 显示同样的内容，OpenAPI 3.1 文档在 `/openapi.json`。",
      "",
      "- **凭证**：`Authorization: Bearer …`，可以是 `POST /auth/login` 返回的 token、Auth.js 会话 token 或服务密钥。",
      "- **操作用户**：`X-User-Id` 可以重复 token 所属的用户；带 `act-as` 权限的服务密钥用它指定任意用户。",
      "  含非 ASCII 字符的邮箱以 UTF-8 字节发送，或写成 `UTF-8''` 加百分号编码：`UTF-8''j%C3%BCrgen%40example.com`。",
      "- **邮箱**：不区分大小写，域名以 ASCII 形式存储（`me@münchen.de` 即 `me@xn--mnchen-3ya.de`），@ 之前可以使用任何文字的字母和数字。在 `X-User-Id`、`userId` 和",
      "  Auth.js token 中，@ 之前含兼容字符（如 `ﬁ`、全角字母）的邮箱不属于任何用户。",
      "- **幂等**：标有“幂等”的操作接受请求头 `Idempotency-Key` 或字段 `idempotencyKey`。同一个键只生效一次，重放的响应带有 `Idempotency-Replayed: true`。",
      "- **请求体**：不带 BOM 的 UTF-8 编码的 JSON，同一对象中的字段名不能重复。可选字段为 `null` 等同于没有这个字段；metadata 和 details 中的 `null` 是数据。",
      "- **错误**：所有错误都是 `{ message, code, requestId }`，部分错误码带有更多字段：[错误码](errors.md)。",
      "- **分页**：列表接受 `limit` 和 `cursor`，返回 `{ items, nextCursor }`。",
    ].join("\n"),
  },
  procedure: { en: "Procedure", zh: "过程" },
  caller: { en: "Caller", zh: "调用者" },
  anyone: { en: "no credential needed", zh: "无需凭证" },
  everyUser: { en: "any user", zh: "任何用户" },
  scope: { en: "service keys need the scope", zh: "服务密钥需要权限" },
  noKey: { en: "no service key", zh: "不接受服务密钥" },
  stream: { en: "A stream, in REST only", zh: "流式响应，仅 REST" },
  idempotent: { en: "idempotent", zh: "幂等" },
  input: { en: "Input", zh: "输入" },
  output: { en: "Output", zh: "输出" },
  none: { en: "No input.", zh: "没有输入。" },
  empty: { en: "No fields.", zh: "没有字段。" },
  field: { en: "field", zh: "字段" },
  place: { en: "in", zh: "位置" },
  type: { en: "type", zh: "类型" },
  required: { en: "required", zh: "必填" },
  yes: { en: "yes", zh: "是" },
  no: { en: "no", zh: "否" },
  description: { en: "description", zh: "说明" },
  errors: { en: "Errors", zh: "错误码" },
  common: { en: "Errors of every operation", zh: "所有操作共有的错误码" },
  allBody: { en: "Any operation with a body", zh: "任何带请求体的操作" },
  allCaller: { en: "Any operation with a credential", zh: "任何需要凭证的操作" },
  all: { en: "Any operation", zh: "任何操作" },
} as const satisfies Record<string, Wording>;

const link = (refusal: RefusalCode): string => `[${code(refusal)}](errors.md#${refusal.toLowerCase()})`;

function callerOf({ caller }: Described, language: Language): string {
  if (caller === "anyone") return words.anyone[language];
  const isEveryRole = caller.roles.includes("user");
  const people = isEveryRole ? words.everyUser[language] : caller.roles.map(code).join(", ");
  const key = caller.scope === null ? words.noKey[language] : `${words.scope[language]} ${code(caller.scope)}`;
  return `${people}; ${key}`;
}

function placeOf({ rest }: Described, field: string): string {
  if (rest.path.includes(`{${field}}`)) return "path";
  return rest.method === "GET" ? "query" : "body";
}

/** Field descriptions exist in English only, so the Chinese page leaves the column out. */
const descriptionOf = (field: Field, language: Language): readonly string[] =>
  language === "en" ? [field.description] : [];

function requiredOf(field: Field, language: Language): string {
  if (field.isRequired && field.default === undefined) return words.yes[language];
  return field.default === undefined ? words.no[language] : code(JSON.stringify(field.default));
}

function inputTable(operation: Described, language: Language): string {
  const fields = fieldsOf(operation.input, "input");
  if (fields.length === 0) return words.none[language];
  const head = [words.field, words.place, words.type, words.required].map((each) => each[language]);
  return table(
    [...head, ...(language === "en" ? [words.description.en] : [])],
    fields.map((field) => [
      code(field.name),
      placeOf(operation, field.name),
      field.type,
      requiredOf(field, language),
      ...descriptionOf(field, language),
    ]),
  );
}

/** The content types beside JSON, each with the value of `format` that asks for it. */
const formatsOf = ({ rest }: Operation): readonly string[] =>
  Object.entries(rest.formats ?? {}).map(([format, type]) => `${code(`format=${format}`)}: ${code(type)}`);

function outputTable(operation: Described, language: Language): string {
  if (operation.kind === "stream") return operation.contentTypes.map(code).join(", ");
  const fields = fieldsOf(operation.output, "output");
  if (fields.length === 0) return words.empty[language];
  return table(
    [words.field[language], words.type[language], ...(language === "en" ? [words.description.en] : [])],
    fields.map((field) => [code(field.name), field.type, ...descriptionOf(field, language)]),
  );
}

function section({ name, operation }: Route, language: Language): string {
  const { method, path } = operation.rest;
  const facts = [
    operation.kind === "stream"
      ? words.stream[language]
      : `${words.procedure[language]}: ${code(name)} (${operation.kind})`,
    `${words.caller[language]}: ${callerOf(operation, language)}`,
    ...(operation.kind !== "stream" && operation.idempotent ? [words.idempotent[language]] : []),
    ...(operation.kind === "stream" ? [] : formatsOf(operation)),
  ];
  const errors =
    operation.refusals.length === 0 ? "" : `${words.errors[language]}: ${operation.refusals.map(link).join(", ")}`;
  return page(
    `### ${code(`${method} ${path}`)}`,
    operation.summary[language],
    facts.map((fact) => `- ${fact}`).join("\n"),
    `**${words.input[language]}**`,
    inputTable(operation, language),
    `**${words.output[language]}**`,
    outputTable(operation, language),
    errors,
  ).trimEnd();
}

function commonErrors(language: Language): string {
  const rows: readonly (readonly [Wording, readonly RefusalCode[]])[] = [
    [words.all, commonRefusals],
    [words.allCaller, callerRefusals],
    [words.allBody, bodyRefusals],
  ];
  return rows.map(([about, codes]) => `- ${about[language]}: ${codes.map(link).join(", ")}`).join("\n");
}

/** The reference of all operations, from the contract. */
export function apiPage(language: Language): Page {
  const nouns = [...new Set(routes.map(({ noun }) => noun))];
  const contents = routes.map(({ operation: { rest, summary } }) => [
    code(`${rest.method} ${rest.path}`),
    summary[language],
  ]);
  return {
    path: pathOf("api", language),
    text: page(
      generatedNote("packages/contract"),
      `# ${words.title[language]}`,
      otherLanguage("api", language),
      words.intro[language],
      table(["REST", words.description[language]], contents),
      `## ${words.common[language]}`,
      commonErrors(language),
      ...nouns.flatMap((noun) => [
        `## ${noun}`,
        ...routes.filter((route) => route.noun === noun).map((route) => section(route, language)),
      ]),
    ),
  };
}

/** Operations that name a refusal. */
export const operationsWith = (refusal: RefusalCode): readonly string[] =>
  routes.filter(({ operation }) => operation.refusals.includes(refusal)).map(({ name }) => name);

/** All refusal codes. */
export const refusalCodes = Object.keys(refusals) as readonly RefusalCode[];
