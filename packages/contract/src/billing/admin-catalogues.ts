import { z } from "zod";
import { staff } from "../callers.ts";
import { zReason, zTime } from "../ids.ts";
import { zJsonObject } from "../json-object.ts";
import { bilingual } from "../language.ts";
import { operation } from "../operation.ts";
import { zCursor, zLimit, zOutputText, zPage, zSingleLine, zTimestamp } from "../primitives.ts";

const readAccess = staff("admin", "finance", "admin");
const writeAccess = staff("admin", "admin");

/** The longest document: it passes the ordinary limit of a body. */
const MAX_DOCUMENT_BYTES = 92_160;

const versionRule = {
  error: bilingual({
    zh: "必须是从 1 开始的整数（目录版本）",
    en: "must be a whole number from 1 (a catalogue version)",
  }),
};

/** A version in a path or a query, which are text. */
const zVersion = z
  .union(
    [
      z.int(),
      z
        .string()
        .regex(/^[1-9]\d{0,8}$/)
        .transform(Number),
    ],
    versionRule,
  )
  .pipe(z.int(versionRule).min(1, versionRule).max(999_999_999, versionRule))
  .meta({
    override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
      delete jsonSchema["anyOf"];
      Object.assign(jsonSchema, { type: "integer", format: "int32", minimum: 1, maximum: 999_999_999 });
    },
  });

const zVersionOutput = z.int().min(1);
const zNames = z.array(zOutputText(400)).meta({ maxItems: 500 });

const zCatalogueVersion = z
  .object({
    version: zVersionOutput,
    state: z.enum(["draft", "published", "withdrawn"]),
    inForce: z.boolean(),
    effectiveFrom: zTime.nullable(),
    note: zOutputText(200).nullable(),
    madeBy: zOutputText(400),
    madeAt: zTime,
    publishedBy: zOutputText(400).nullable(),
    publishedAt: zTime.nullable(),
  })
  .meta({ id: "CatalogueVersion" });

/** `GET /admin/catalogues`: versions of the catalogue, newest first. */
export const list = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/catalogues" },
  summary: { zh: "价格目录的版本，最新的在前", en: "List versions of the catalogue, newest first." },
  caller: readAccess,
  idempotent: false,
  input: z.strictObject({ limit: zLimit(20, 20), cursor: zCursor.optional() }),
  output: zPage(zCatalogueVersion),
  refusals: [],
});

/** `GET /admin/catalogues/{version}`: one version with its document. */
export const find = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/catalogues/{version}" },
  summary: { zh: "查询一个目录版本及其内容", en: "Read a version of the catalogue with its document." },
  caller: readAccess,
  idempotent: false,
  input: z.strictObject({ version: zVersion }),
  output: zCatalogueVersion.extend({ document: z.record(z.string(), z.unknown()) }),
  refusals: ["CATALOGUE_NOT_FOUND"],
});

/** `POST /admin/catalogues`: makes a draft. A document never changes: a correction is another draft. */
export const create = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/catalogues" },
  summary: {
    zh: "新建目录草稿；内容不可修改，如需更正请再建一个",
    en: "Create a draft of the catalogue. Its document never changes; create another draft to correct it.",
  },
  caller: writeAccess,
  idempotent: false,
  input: z.strictObject({
    document: zJsonObject(MAX_DOCUMENT_BYTES).meta({ description: "The catalogue: actions, multipliers, packs." }),
    note: zSingleLine(200).optional(),
  }),
  output: zCatalogueVersion,
  refusals: ["CATALOGUE_INVALID", "OUTCOME_UNKNOWN"],
});

/** `POST /admin/catalogues/{version}/publish`: publishes a draft, which is in force from a time at least a minute ahead. */
export const publish = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/catalogues/{version}/publish" },
  summary: {
    zh: "发布目录草稿：至少 60 秒后生效，所有服务器同时生效",
    en: "Publish a draft. It is in force at least 60 seconds later, on all servers at the same time.",
  },
  caller: writeAccess,
  idempotent: false,
  input: z.strictObject({
    version: zVersion,
    effectiveFrom: zTimestamp
      .optional()
      .meta({ description: "From when it is in force; as soon as possible if left out." }),
    reason: zReason,
  }),
  output: zCatalogueVersion,
  refusals: ["CATALOGUE_NOT_FOUND", "CATALOGUE_INVALID", "TOO_SOON", "ALREADY_PUBLISHED", "OUTCOME_UNKNOWN"],
});

/** `POST /admin/catalogues/{version}/withdraw`: withdraws a version that is not in force yet. */
export const withdraw = operation({
  kind: "mutation",
  rest: { method: "POST", path: "/admin/catalogues/{version}/withdraw" },
  summary: {
    zh: "撤回尚未生效的目录版本（距生效至少 60 秒）",
    en: "Withdraw a draft, or a published version at least 60 seconds before it is in force.",
  },
  caller: writeAccess,
  idempotent: false,
  input: z.strictObject({ version: zVersion, reason: zReason }),
  output: zCatalogueVersion,
  refusals: ["CATALOGUE_NOT_FOUND", "ALREADY_IN_FORCE", "OUTCOME_UNKNOWN"],
});

const zChanges = z.object({ added: zNames, removed: zNames, changed: zNames });

/** `GET /admin/catalogues/{version}/diff`: what a version changes. */
export const diff = operation({
  kind: "query",
  rest: { method: "GET", path: "/admin/catalogues/{version}/diff" },
  summary: { zh: "比较两个目录版本", en: "Compare a version of the catalogue with another one." },
  caller: readAccess,
  idempotent: false,
  input: z.strictObject({
    version: zVersion,
    against: zVersion.optional().meta({ description: "The version to compare with; the one in force if left out." }),
  }),
  output: z.object({
    version: zVersionOutput,
    against: zVersionOutput.nullable().meta({ description: "null: no version is in force, everything is added." }),
    actions: zChanges,
    packs: zChanges,
    multipliers: z.boolean().meta({ description: "Whether the multipliers differ." }),
  }),
  refusals: ["CATALOGUE_NOT_FOUND"],
});
