import { onMongodb } from "@jifen/testkit";
import { tables } from "../src/generated/tables.ts";
import type { Table } from "../src/records/table.ts";

type Field = { readonly bsonType: string | readonly string[]; readonly properties?: Readonly<Record<string, Field>> };

/** The type of a column in the table list, by MongoDB's name of it; every whole number is a long. */
const typeNames: Readonly<Record<string, string>> = { string: "text", long: "bigint", bool: "boolean" };

/** Collections that only MongoDB has. */
const ownCollections = ["jifen_migrations", "turns"];

/** The field of an `_id` of one field: documents do not say what it is called. */
function idFieldOf(collection: string): string {
  const table: Table | undefined = tables.find(({ name }) => name === collection);
  return table?.columns.find(({ field }) => field === table.key[0])?.name ?? "id";
}

/** One text for each field and each unique set of fields, read from the validators and indexes of the collections. */
export const linesOfMongodb = (url: string): Promise<readonly string[]> =>
  onMongodb(url, async (db) => {
    const lines: string[] = [];
    for (const { name, options } of await db.listCollections({}, { nameOnly: false }).toArray()) {
      if (ownCollections.includes(name)) continue;
      const schema: Field | undefined = options?.["validator"]?.$jsonSchema;
      const properties = schema?.properties ?? {};
      const { _id, ...fields } = properties;
      const key = _id?.properties ?? { [idFieldOf(name)]: _id as Field };
      const all = Object.entries({ ...key, ...fields });
      lines.push(...all.map(([field, shape]) => fieldLine(`${name}.${field}`, [shape.bsonType].flat())));
      lines.push(unique(name, Object.keys(key)));
      for (const index of await db.collection(name).indexes()) {
        if (index.unique) lines.push(unique(name, Object.keys(index.key)));
      }
    }
    return lines;
  });

const unique = (table: string, columns: readonly string[]) => `${table} unique (${columns.join(", ")})`;
const fieldLine = (name: string, types: readonly string[]) => {
  const [type = ""] = types.filter((each) => each !== "null");
  return `${name} ${typeNames[type] ?? `? ${type}`}${types.includes("null") ? "" : " not null"}`;
};

/** What MongoDB has otherwise on purpose: one type of whole numbers, a key of every entry, and no computed column. */
export const asInMongodb = (models: readonly string[]): readonly string[] =>
  models
    .filter((line) => !line.startsWith("grants.is_open "))
    .map((line) => line.replace(/ integer( not null)?$/, " bigint$1"))
    .map((line) => (line === "transactions.idempotency_key text" ? `${line} not null` : line));
