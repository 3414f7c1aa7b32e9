import type { Operation } from "@jifen/contract";
import { z } from "zod";

type Fields = z.ZodObject["shape"];

/** The optional fields of an input in which null has no meaning of its own: there it means that the field is absent. */
export const fieldsWithoutNull = (fields: Fields): readonly string[] =>
  Object.entries(fields).flatMap(([name, field]) =>
    z.safeParse(field, undefined).success && !z.safeParse(field, null).success ? [name] : [],
  );

/**
 * Removes the optional fields that are null: clients in Go, Java and C# send null for a field that is not set. Null in a
 * required field is an invalid value, and null inside an object is data.
 * @returns a function for the input of this operation; it does not change its argument
 */
export function nullRemover({ input }: Pick<Operation, "input">): (value: unknown) => unknown {
  const names = input instanceof z.ZodVoid ? [] : fieldsWithoutNull(input.shape);
  if (names.length === 0) return (value) => value;
  return (value) => {
    if (typeof value !== "object" || value === null) return value;
    const fields = value as Readonly<Record<string, unknown>>;
    const absent = names.filter((name) => fields[name] === null);
    if (absent.length === 0) return value;
    return Object.fromEntries(Object.entries(fields).filter(([name]) => !absent.includes(name)));
  };
}
