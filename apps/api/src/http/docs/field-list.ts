import type { Language } from "@jifen/contract";
import { html, raw } from "hono/html";
import type { Field } from "./fields.ts";
import { type Html, richText } from "./rich-text.ts";
import { typeText } from "./type-words.ts";
import { words } from "./words.ts";

/** How fields are shown. */
export type FieldListOptions = {
  readonly language: Language;
  /** The names of the objects that the page describes. */
  readonly objects: ReadonlySet<string>;
  /** Where the fields are: what is required is said of a request, what can be absent of an answer. */
  readonly place: "path" | "query" | "body" | "answer";
};

/** The beginning of the documentation describes these fields, and what these texts say, for all operations. */
const described = new Set(["limit", "cursor", "nextCursor", "idempotencyKey"]);
const saidBefore = new Set(["ISO 8601 in UTC.", "Whole credits.", "Whole credits, never negative."]);

function markOf({ isRequired, schema }: Field, { language, place }: FieldListOptions): string {
  const text = words[language];
  if (place === "path") return text.path;
  if (place === "answer") return isRequired ? "" : text.mayBeAbsent;
  return isRequired && schema.default === undefined ? text.required : "";
}

/** What a field is, in words: its type, and its default. Null in a request means that an optional field is absent. */
export function fieldText(field: Field, { language, place }: Pick<FieldListOptions, "language" | "place">): string {
  const shown = place === "answer" ? field : { ...field, isNullable: false };
  const type = typeText(shown, { language, withBounds: place !== "answer" });
  const preset = place === "answer" ? undefined : field.schema.default;
  return preset === undefined ? type : `${type}${words[language].byDefault}\`${preset}\``;
}

/** What the contract says of a field; nothing where the beginning of the documentation says it. */
export function descriptionOf({ name, schema: { description = "" } }: Field): string {
  return described.has(name) || saidBefore.has(description) ? "" : description;
}

/** The rows of a list of fields. HTML needs no end tags in it, and the page has a thousand rows. */
export const fieldRows = (fields: readonly Field[], options: FieldListOptions): Html =>
  html`${fields.map((field) => {
    const mark = markOf(field, options);
    const description = descriptionOf(field);
    const text = [fieldText(field, options), ...(description === "" ? [] : [description])].join(". ");
    const shownMark = mark === words[options.language].required ? html` <b>${mark}</b>` : html` <i>${mark}</i>`;
    return html`<dt>${field.name}${mark === "" ? "" : shownMark}${raw("<dd>")}${richText(text, options.objects)}`;
  })}`;
