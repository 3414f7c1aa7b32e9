import { onMongodb } from "@jifen/testkit";

type Field = { readonly bsonType: string | readonly string[]; readonly properties?: Readonly<Record<string, Field>> };

/** What a type of MongoDB is called in the models; every whole number is a long. */
const typeNames: Readonly<Record<string, string>> = { string: "String", long: "BigInt", bool: "Boolean" };

/** Collections that only MongoDB has. */
const ownOnes = ["jifen_migrations", "turns"];

/** One line for each field and each unique set of fields, as the collections say of themselves. */
export const linesOfMongodb = (url: string): Promise<readonly string[]> =>
  onMongodb(url, async (db) => {
    const lines: string[] = [];
    for (const { name, options } of await db.listCollections({}, { nameOnly: false }).toArray()) {
      if (ownOnes.includes(name)) continue;
      const schema: Field | undefined = options?.["validator"]?.$jsonSchema;
      const properties = schema?.properties ?? {};
      const { _id, ...fields } = properties;
      const key = _id?.properties ?? { [name === "counters" ? "key" : "id"]: _id as Field };
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

/** What is different on purpose: one kind of whole number, a key that every line has, and nothing that is computed. */
export const asInMongodb = (models: readonly string[]): readonly string[] =>
  models
    .filter((line) => !line.startsWith("grants.is_open "))
    .map((line) => line.replace(/ Int( not null)?$/, " BigInt$1"))
    .map((line) => (line === "transactions.idempotency_key String" ? `${line} not null` : line));
