import { idempotencyKey, transactionId } from "@jifen/core";
import { type Document, MaxKey, MinKey } from "mongodb";
import { type AnyFilter, type AnyRecord, completed, isRange, storedColumns } from "./any-records.ts";
import { prefixRange } from "./prefix.ts";
import type { Table } from "./table.ts";

/** Whole numbers are stored as 64-bit integers, so that sums of millions of them are exact. */
const toStored = (value: unknown): unknown => (typeof value === "number" ? BigInt(value) : value);

const nameOf = (table: Table, field: string): string => {
  const column = storedColumns(table).get(field);
  if (!column) throw new Error(`${table.name} has no field ${field}`);
  return column.name;
};

/** Where a field is in a document: in its `_id`, or beside it. */
export function pathOf(table: Table, field: string): string {
  const [first, ...others] = table.documentId;
  if (others.length === 0) return field === first ? "_id" : nameOf(table, field);
  return others.includes(field) ? `_id.${nameOf(table, field)}` : nameOf(table, field);
}

/** The `_id` of a record's document. */
function documentIdOf(table: Table, record: AnyRecord): unknown {
  const [first, ...others] = table.documentId;
  if (others.length === 0) return toStored(record[first]);
  return Object.fromEntries(table.documentId.map((field) => [nameOf(table, field), toStored(record[field])]));
}

/** Fields to set, by the names of their columns. */
export const toColumns = (table: Table, fields: AnyRecord): Document =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, value]) => value !== undefined)
      .map(([field, value]) => [nameOf(table, field), toStored(value)]),
  );

/** On MongoDB every entry has a key, because its `_id` has: an entry without one has a key made of its own id. */
const withKey = (table: Table, record: AnyRecord): AnyRecord =>
  table.name === "transactions" && record["idempotencyKey"] === null
    ? { ...record, idempotencyKey: idempotencyKey.ofTransaction(transactionId(String(record["id"]))) }
    : record;

/** Record to document. Of several fields in the `_id`, the first is in the document as well: collections are sharded by it. */
export function toDocument(table: Table, given: AnyRecord): Document {
  const record = withKey(table, completed(table, given));
  const [first, ...others] = table.documentId;
  const onlyInId = others.length > 0 ? others : [first];
  const fields = Object.entries(record).filter(([field]) => !onlyInId.includes(field));
  return { _id: documentIdOf(table, record), ...toColumns(table, Object.fromEntries(fields)) };
}

/** Document to record. Collections accept no document of another shape; a column that was added later can be missing. */
export function toRecord(table: Table, { _id, ...fields }: Document): AnyRecord {
  const [first, ...others] = table.documentId;
  const byName: Document = { ...fields, ...(others.length === 0 ? { [nameOf(table, first)]: _id } : _id) };
  return Object.fromEntries([...storedColumns(table)].map(([field, { name }]) => [field, byName[name] ?? null]));
}

const operators: Readonly<Record<string, string>> = { in: "$in", gt: "$gt", gte: "$gte", lt: "$lt", lte: "$lte" };

function toOperators(range: AnyRecord): Document {
  const entries = Object.entries(range).filter(([operator, value]) => value !== undefined && operator !== "prefix");
  return Object.fromEntries(
    entries.map(([operator, value]) => [
      operators[operator] as string,
      Array.isArray(value) ? value.map(toStored) : toStored(value),
    ]),
  );
}

/** One condition, or two of the same path: a prefix is a range of its own. */
function toConditions(path: string, condition: unknown): readonly Document[] {
  if (!isRange(condition)) return [{ [path]: toStored(condition) }];
  const { prefix } = condition;
  const range = toOperators(condition);
  const conditions = Object.keys(range).length === 0 ? [] : [{ [path]: range }];
  return prefix === undefined ? conditions : [...conditions, { [path]: toOperators(prefixRange(String(prefix))) }];
}

/** All of these: in one document, as an upsert needs it, unless two are about the same path. */
export function allOf(conditions: readonly Document[]): Document {
  const paths = conditions.flatMap((each) => Object.keys(each));
  return new Set(paths).size === paths.length ? Object.assign({}, ...conditions) : { $and: [...conditions] };
}

/** The condition on an `_id` of two fields, where a filter has one value of the first, and one or several of the second. */
function wholeIds(table: Table, conditions: AnyRecord): Document | undefined {
  const [first, second, third] = table.documentId;
  if (second === undefined || third !== undefined) return undefined;
  const [one, other] = [conditions[first], conditions[second]];
  if (one === undefined || isRange(one) || other === undefined) return undefined;
  if (!isRange(other)) return { _id: documentIdOf(table, conditions) };
  const { in: several } = other;
  if (!Array.isArray(several) || Object.keys(other).length > 1) return undefined;
  return { _id: { $in: several.map((value) => documentIdOf(table, { [first]: one, [second]: value })) } };
}

/** A filter as MongoDB takes it. Where both fields of an `_id` are given, the whole `_id` is, which its index finds. */
export function toMongoFilter(table: Table, { or, ...conditions }: AnyFilter): Document {
  const given = Object.entries(conditions).filter(([, condition]) => condition !== undefined);
  const whole = wholeIds(table, conditions);
  const rest = whole ? given.filter(([field]) => !table.documentId.includes(field)) : given;
  return allOf([
    ...(whole ? [whole] : []),
    ...rest.flatMap(([field, condition]) => toConditions(pathOf(table, field), condition)),
    ...(or ? [{ $or: or.map((each) => toMongoFilter(table, each)) }] : []),
  ]);
}

/**
 * Whether rows of one value of an `_id`'s first field are asked for in the order of its second: then the index of the `_id`
 * finds them in that order.
 */
export const isWithinId = (table: Table, where: AnyFilter, by: readonly string[]): boolean => {
  const [first, second, third] = table.documentId;
  const owner = where[first];
  return (
    second !== undefined &&
    third === undefined &&
    owner !== undefined &&
    !isRange(owner) &&
    by.length === 1 &&
    by[0] === second
  );
};

/** The bounds of all the `_id`s with this value of their first field. */
export function withinId(table: Table, where: AnyFilter): Document {
  const [first, second = ""] = table.documentId;
  const id = (end: MinKey | MaxKey) => ({
    [nameOf(table, first)]: toStored(where[first]),
    [nameOf(table, second)]: end,
  });
  return { _id: { $gt: id(new MinKey()), $lt: id(new MaxKey()) } };
}
