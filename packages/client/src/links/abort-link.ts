import type { TRPCLink } from "@trpc/client";
import { observable } from "@trpc/server/observable";
import { aborted } from "../failure.ts";
import type { JifenRouter } from "../router.ts";
import type { MessageContext } from "../wording.ts";

/**
 * Ends an aborted call immediately, also while it waits for its next attempt. tRPC itself ends a batch only when all of
 * its calls are aborted.
 */
export const abortLink =
  (context: MessageContext): TRPCLink<JifenRouter> =>
  () =>
  ({ op, next }) =>
    observable((observer) => {
      const onAbort = () => observer.error(aborted({ op, context }));
      if (op.signal?.aborted) return onAbort();
      op.signal?.addEventListener("abort", onAbort, { once: true });
      const running = next(op).subscribe(observer);
      return () => {
        op.signal?.removeEventListener("abort", onAbort);
        running.unsubscribe();
      };
    });
