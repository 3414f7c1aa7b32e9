import type { TRPCLink } from "@trpc/client";
import { observable, type Unsubscribable } from "@trpc/server/observable";
import { JifenError } from "../error.ts";
import { takesKey } from "../mutations.ts";
import { isOutcomeUnknown } from "../outcome.ts";
import { retryDelayMs } from "../retry.ts";
import type { JifenRouter } from "../router.ts";

/**
 * Retries a failed call when `retryDelayMs` allows it. tRPC's own retry link computes the delay without the error, so it
 * cannot respect Retry-After. When the outcome of an attempt is unknown, and the last one only proves that itself had no
 * effect, the call fails with the unknown outcome.
 */
export const retryLink: TRPCLink<JifenRouter> =
  () =>
  ({ op, next }) =>
    observable((observer) => {
      let running: Unsubscribable | undefined;
      let timer: ReturnType<typeof setTimeout> | undefined;
      let unknown: JifenError | undefined;
      const send = (attempt: number): void => {
        running = next(op).subscribe({
          next: observer.next,
          error(error) {
            if (!(error instanceof JifenError)) return observer.error(error);
            if (takesKey(op.path) && isOutcomeUnknown(error.code)) unknown = error;
            const delayMs = retryDelayMs({ op, error, attempt, random: Math.random() });
            if (delayMs === undefined)
              return observer.error(isOutcomeUnknown(error.code, true) ? (unknown ?? error) : error);
            timer = setTimeout(() => send(attempt + 1), delayMs);
          },
          complete: observer.complete,
        });
      };
      send(1);
      return () => {
        clearTimeout(timer);
        running?.unsubscribe();
      };
    });
