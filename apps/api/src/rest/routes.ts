import type { Runnable } from "../trpc/procedure.ts";

/** An operation with its name and the function that runs it. */
export type Route = Runnable & { readonly noun: string; readonly verb: string };

/** Operations by noun and verb. */
type Table = Readonly<Record<string, Readonly<Record<string, Runnable>>>>;

/** Lists all operations of a table. `/logs/stats` comes before `/logs/{logId}`: the router takes the first that matches. */
export const routesOf = (table: Table): readonly Route[] =>
  Object.entries(table)
    .flatMap(([noun, verbs]) =>
      Object.entries(verbs).map(([verb, { operation, run }]) => ({ noun, verb, operation, run })),
    )
    .toSorted((one, other) => Number(hasParameter(one)) - Number(hasParameter(other)));

const hasParameter = ({ operation }: Route): boolean => operation.rest.path.includes("{");
