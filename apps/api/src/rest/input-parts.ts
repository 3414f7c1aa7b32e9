import type { Operation } from "@jifen/contract";
import { z } from "zod";

/** Fields of an input, by name. */
type Fields = z.ZodObject["shape"];

/** The flat input of an operation, split by place in a REST request. */
export type InputParts = {
  /** Fields that are path parameters. */
  readonly path: Fields;
  /** The other fields: in the query of a GET, in the body of a POST. */
  readonly fields: Fields;
  /** Whether all of `fields` are optional. */
  readonly areFieldsOptional: boolean;
};

/** The parameter name of a path segment: `holdId` for `{holdId}`. */
export const parameterIn = (segment: string): string | undefined => /^\{(\w+)\}$/.exec(segment)?.[1];

/** Splits the input of an operation. All parts are empty when it has no input. */
export function inputParts({ rest: { path }, input }: Pick<Operation, "rest" | "input">): InputParts {
  const all = input instanceof z.ZodVoid ? [] : Object.entries(input.shape);
  const inPath = new Set(path.split("/").map(parameterIn));
  const fields = all.filter(([name]) => !inPath.has(name));
  return {
    path: Object.fromEntries(all.filter(([name]) => inPath.has(name))),
    fields: Object.fromEntries(fields),
    areFieldsOptional: fields.every(([, field]) => z.safeParse(field, undefined).success),
  };
}
