import type { TRPCLink } from "@trpc/client";
import { observable, type Unsubscribable } from "@trpc/server/observable";
import { JifenError } from "../error.ts";
import { retryDelayMs } from "../retry.ts";
import type { JifenRouter } from "../router.ts";

/**
 * Retries a failed call when `retryDelayMs` allows it. tRPC's own retry link computes the delay without the error, so it
 * cannot respect Retry-After.
 */
export const retryLink: TRPCLink<JifenRouter> =
  () =>
  ({ op, next }) =>
    observable((observer) => {
      let running: Unsubscribable | undefined;
      let timer: ReturnType<typeof setTimeout> | undefined;
      const send = (attempt: number): void => {
        running = next(op).subscribe({
          next: observer.next,
          error(error) {
            const delayMs =
              error instanceof JifenError ? retryDelayMs({ op, error, attempt, random: Math.random() }) : undefined;
            if (delayMs === undefined) return observer.error(error);
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
