import type { CreateIndexesOptions, Document, IndexSpecification } from "mongodb";

/** A collection as a migration wants it: which documents it takes, and by what they are found. */
export type CollectionSchema = {
  readonly name: string;
  readonly validator: Document;
  readonly indexes: readonly Index[];
};

/** An index, by a name of its own. */
export type Index = { readonly name: string; readonly key: IndexSpecification & Document } & CreateIndexesOptions;

/** What a field may hold. */
export type Field = { readonly bsonType: string | readonly string[] } & Document;

/** A text, of any length. */
export const text: Field = { bsonType: "string" };
/** Yes or no. */
export const boolean: Field = { bsonType: "bool" };
/** A 64-bit integer, not less than `minimum`. */
export const integer = (minimum?: number): Field => ({
  bsonType: "long",
  ...(minimum !== undefined && { minimum }),
});
/** One of these texts. */
export const oneOf = (...texts: readonly string[]): Field => ({ bsonType: "string", enum: texts });
/** The same, or nothing; the field is there all the same. */
export const orNull = (field: Field): Field => ({ ...field, bsonType: [field.bsonType, "null"].flat() });

/** A document with these fields, all of them, and no others. */
const documentOf = (properties: Readonly<Record<string, Field>>): Field => ({
  bsonType: "object",
  required: Object.keys(properties),
  properties,
  additionalProperties: false,
});

/** The parts of a document's own id, in this order. */
export const idOf = (properties: Readonly<Record<string, Field>>): Field => documentOf(properties);

/** A rule between fields: `$expr` of what must be true. */
export type Rule = Document;

/** The validator of documents with these fields, `_id` among them, for which these rules hold. */
export const validatorOf = (fields: Readonly<Record<string, Field>>, ...rules: readonly Rule[]): Document => ({
  $jsonSchema: documentOf(fields),
  ...(rules.length > 0 && { $expr: { $and: rules } }),
});
