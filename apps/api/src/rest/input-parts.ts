import type { Operation } from "@jifen/contract";
import { z } from "zod";

/** Fields of an input, by name. */
type Fields = z.ZodObject["shape"];

/** How the flat input of an operation is spread over a request. */
export type InputParts = {
  /** What stands in the path. */
  readonly path: Fields;
  /** What else there is: in the query of a GET, in the body of a POST. */
  readonly rest: Fields;
  /** Whether all of the rest may be left out. */
  readonly restIsOptional: boolean;
};

/** The parameter that a segment of a path stands for: `holdId` for `{holdId}`. */
export const parameterIn = (segment: string): string | undefined => /^\{(\w+)\}$/.exec(segment)?.[1];

/** The parts of an operation's input; all empty when it takes none. */
export function inputParts({ rest: { path }, input }: Operation): InputParts {
  const fields = input instanceof z.ZodVoid ? [] : Object.entries(input.shape);
  const inPath = new Set(path.split("/").map(parameterIn));
  const rest = fields.filter(([name]) => !inPath.has(name));
  return {
    path: Object.fromEntries(fields.filter(([name]) => inPath.has(name))),
    rest: Object.fromEntries(rest),
    restIsOptional: rest.every(([, field]) => z.safeParse(field, undefined).success),
  };
}
