import type { Operation, StreamOperation } from "@jifen/contract";
import type { Runnable } from "../trpc/procedure.ts";
import type { RunnableStream } from "../trpc/stream.ts";

/** Where an operation is in its table. */
type Named = { readonly noun: string; readonly verb: string };

/** An operation with its name and the function that runs it. */
export type Route = Runnable & Named;

/** A stream with its name and the function that runs it. */
export type StreamRoute = RunnableStream & Named;

/** An operation of either kind with its name, for the documentation. */
export type DescribedRoute = Named & { readonly operation: Operation | StreamOperation };

/** Anything by noun and verb. */
type Table<Each> = Readonly<Record<string, Readonly<Record<string, Each>>>>;

/** Lists all operations of a table. `/logs/stats` comes before `/logs/{logId}`: the router takes the first that matches. */
export const routesOf = (table: Table<Runnable>): readonly Route[] => list(table);

/** Lists all streams of a table, in the same order. */
export const streamRoutesOf = (table: Table<RunnableStream>): readonly StreamRoute[] => list(table);

const list = <Each extends Runnable | RunnableStream>(table: Table<Each>): readonly (Each & Named)[] =>
  Object.entries(table)
    .flatMap(([noun, verbs]) => Object.entries(verbs).map(([verb, each]) => ({ ...each, noun, verb })))
    .toSorted((one, other) => Number(hasParameter(one)) - Number(hasParameter(other)));

const hasParameter = ({ operation }: Pick<DescribedRoute, "operation">): boolean => operation.rest.path.includes("{");

/** A REST path of the contract in the form of the router. */
export const toRouterPath = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ":$1");
