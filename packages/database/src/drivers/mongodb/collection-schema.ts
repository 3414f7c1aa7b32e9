import type { CreateIndexesOptions, Document, IndexSpecification } from "mongodb";
import type { Column, Table } from "../../records/table.ts";

/** A collection as a migration wants it: which documents it accepts, and its indexes. */
export type CollectionSchema = {
  readonly name: string;
  readonly validator: Document;
  readonly indexes: readonly Index[];
};

/** A named index. */
export type Index = { readonly name: string; readonly key: IndexSpecification & Document } & CreateIndexesOptions;

/** What a field may hold, in the terms of `$jsonSchema`. */
export type Field = { readonly bsonType: string | readonly string[] } & Document;

/** A text of any length. */
export const text: Field = { bsonType: "string" };

/** A 64-bit integer, not less than `minimum`. */
export const integer = (minimum?: number): Field => ({
  bsonType: "long",
  ...(minimum !== undefined && { minimum }),
});

const isNullable = ({ bsonType }: Field): boolean => Array.isArray(bsonType) && bsonType.includes("null");

/**
 * A document with these fields and no others. One that can be null can also be missing: it may have been added to the
 * collection later, and servers of the version before write documents without it during a rolling upgrade.
 */
const documentOf = (properties: Readonly<Record<string, Field>>): Field => ({
  bsonType: "object",
  required: Object.keys(properties).filter((name) => !isNullable(properties[name] as Field)),
  properties,
  additionalProperties: false,
});

/** The validator of documents with these fields, `_id` among them, for which every rule (an `$expr`) holds. */
export const validatorOf = (fields: Readonly<Record<string, Field>>, rules: readonly Document[] = []): Document => ({
  $jsonSchema: documentOf(fields),
  ...(rules.length > 0 && { $expr: { $and: rules } }),
});

function fieldOf({ type, minimum, values }: Column): Field {
  switch (type) {
    case "text":
      return values ? { bsonType: "string", enum: [...values] } : text;
    case "boolean":
      return { bsonType: "bool" };
    case "integer":
    case "bigint":
      return integer(minimum);
    default:
      return type satisfies never;
  }
}

const orNull = (field: Field): Field => ({ ...field, bsonType: [field.bsonType, "null"].flat() });

/**
 * The collection of a table. Of an `_id` with several fields, the first stands in the document as well: a collection is sharded
 * by the one and unique by all of them, so a rule keeps both the same.
 */
export function collectionSchemaOf({ name, columns, documentId, rules, indexes }: Table): CollectionSchema {
  const columnOf = (field: string) => columns.find((column) => column.field === field) as Column;
  const id = documentId.map(columnOf);
  const [first, ...others] = id as [Column, ...Column[]];
  const isObject = others.length > 0;
  const onlyInId = isObject ? others : [first];
  const fields = columns
    .filter((column) => !column.isComputed && !onlyInId.includes(column))
    .map((column) => [column.name, column.isNullable ? orNull(fieldOf(column)) : fieldOf(column)]);
  const _id = isObject
    ? documentOf(Object.fromEntries(id.map((column) => [column.name, fieldOf(column)])))
    : fieldOf(first);
  const sameInBoth = isObject ? [{ $eq: [`$_id.${first.name}`, `$${first.name}`] }] : [];
  return {
    name,
    validator: validatorOf({ _id, ...Object.fromEntries(fields) }, [...sameInBoth, ...rules]),
    indexes: indexes.map((index) => ({ ...index, key: { ...index.key } })),
  };
}
