import type { Language } from "@jifen/contract";
import type { TRPCLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import { toJifenError } from "../failure.ts";
import type { JifenRouter } from "../router.ts";

/** Converts the error of every attempt to a JifenError. */
export const failureLink =
  (language: Language | undefined): TRPCLink<JifenRouter> =>
  () =>
  ({ op, next }) =>
    observable((observer) =>
      next(op).subscribe({
        next: observer.next,
        error: (failure) => observer.error(toJifenError(failure, { op, language })),
        complete: observer.complete,
      }),
    );
