import type { TRPCLink } from "@trpc/client";
import type { JifenRouter } from "../router.ts";

/**
 * Leaves `direction` out of the input of a query: @trpc/tanstack-react-query adds it to each page of an infinite query, and
 * no operation has such a field, so that the server would refuse it.
 */
export const directionLink: TRPCLink<JifenRouter> =
  () =>
  ({ op, next }) =>
    next(op.type === "query" ? { ...op, input: withoutDirection(op.input) } : op);

function withoutDirection(input: unknown): unknown {
  if (typeof input !== "object" || input === null || !("direction" in input)) return input;
  const { direction: _, ...rest } = input;
  return rest;
}
