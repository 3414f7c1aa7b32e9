import type { TRPCLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import { toJifenError } from "../failure.ts";
import type { JifenRouter } from "../router.ts";
import type { MessageContext } from "../wording.ts";

/** Converts the error of every attempt to a JifenError. */
export const failureLink =
  (context: MessageContext): TRPCLink<JifenRouter> =>
  () =>
  ({ op, next }) =>
    observable((observer) =>
      next(op).subscribe({
        next: observer.next,
        error: (failure) => observer.error(toJifenError(failure, { op, context })),
        complete: observer.complete,
      }),
    );
