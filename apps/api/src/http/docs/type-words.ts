import type { Language } from "@jifen/contract";
import type { Field, Schema } from "./fields.ts";

/** How a language says what a value is. */
type TypeWords = {
  readonly text: (min: number, max: number | undefined) => string;
  readonly number: (kind: "integer" | "number", min: number | undefined, max: number | undefined) => string;
  readonly choice: (values: readonly string[]) => string;
  readonly list: (of: string, max: number | undefined) => string;
  readonly boolean: string;
  readonly time: string;
  readonly date: string;
  readonly object: string;
  readonly any: string;
  readonly or: string;
};

const range = (min: number | undefined, max: number | undefined): "both" | "min" | "max" | "none" => {
  if (min !== undefined) return max === undefined ? "min" : "both";
  return max === undefined ? "none" : "max";
};

const en: TypeWords = {
  text: (min, max) => {
    if (max === undefined) return "text";
    return min > 0 ? `text of ${min} to ${max} characters` : `text of at most ${max} characters`;
  },
  number: (kind, min, max) => {
    const bounds = { both: ` from ${min} to ${max}`, min: ` from ${min}`, max: ` up to ${max}`, none: "" };
    return `${kind === "integer" ? "whole number" : "number"}${bounds[range(min, max)]}`;
  },
  choice: (values) => values.join(", "),
  list: (of, max) => `list${max === undefined ? "" : ` of at most ${max}`}: ${of}`,
  boolean: "true or false",
  time: "time",
  date: "date",
  object: "object",
  any: "any value",
  or: " or ",
};

const zh: TypeWords = {
  text: (min, max) => {
    if (max === undefined) return "文本";
    return min > 0 ? `文本，${min} 到 ${max} 个字符` : `文本，最多 ${max} 个字符`;
  },
  number: (kind, min, max) => {
    const bounds = { both: `，${min} 到 ${max}`, min: `，不小于 ${min}`, max: `，不大于 ${max}`, none: "" };
    return `${kind === "integer" ? "整数" : "数字"}${bounds[range(min, max)]}`;
  },
  choice: (values) => values.join("、"),
  list: (of, max) => `列表${max === undefined ? "" : `，最多 ${max} 项`}：${of}`,
  boolean: "true 或 false",
  time: "时间",
  date: "日期",
  object: "对象",
  any: "任意值",
  or: " 或 ",
};

const wordsOf: Readonly<Record<Language, TypeWords>> = { zh, en };

/** How a type is written. `withBounds`: lengths and ranges, which concern what is sent. */
type TypeOptions = { readonly language: Language; readonly withBounds: boolean };

/** What a field is, in words. Values and names of objects are between backticks. */
export function typeText(field: Field, options: TypeOptions): string {
  const words = wordsOf[options.language];
  const { object, isNullable, schema } = field;
  const named = object === undefined ? undefined : `\`${object}\``;
  const kind =
    schema.type === "array"
      ? words.list(named ?? textOf(schema.items ?? {}, options), bound(schema.maxItems, options))
      : (named ?? textOf(schema, options));
  return isNullable ? `${kind}${words.or}\`null\`` : kind;
}

const bound = (value: number | undefined, { withBounds }: TypeOptions): number | undefined =>
  withBounds && value !== undefined && Math.abs(value) < Number.MAX_SAFE_INTEGER ? value : undefined;

function textOf(schema: Schema, options: TypeOptions): string {
  const words = wordsOf[options.language];
  if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
  if (schema.enum) return words.choice(schema.enum.map((value) => `\`${value}\``));
  if (schema.anyOf) return [...new Set(schema.anyOf.map((each) => textOf(each, options)))].join(words.or);
  const type = [schema.type].flat().find((each) => each !== "null");
  if (type === "string") {
    if (schema.format === "date-time") return words.time;
    if (schema.format === "date") return words.date;
    return words.text(schema.minLength ?? 0, bound(schema.maxLength, options));
  }
  if (type === "integer" || type === "number") {
    return words.number(type, bound(schema.minimum, options), bound(schema.maximum, options));
  }
  if (type === "boolean") return words.boolean;
  if (type === "array") return words.list(textOf(schema.items ?? {}, options), bound(schema.maxItems, options));
  return type === "object" ? words.object : words.any;
}
