/** A request that ends when its caller aborts it, or takes too long. */
export type TimeLimit = {
  /** For `fetch`. */
  readonly signal: AbortSignal;
  /** From now on only the caller ends the request. */
  stopTimer(): void;
  /** From now on nothing ends the request. */
  release(): void;
};

/** Begins a time limit. @param callers the signal of the caller */
export function beginTimeLimit(timeoutMs: number, callers: AbortSignal | null | undefined): TimeLimit {
  const controller = new AbortController();
  const onAbort = () => controller.abort(callers?.reason);
  const timer = setTimeout(
    () => controller.abort(new DOMException(`No response in ${timeoutMs} ms`, "TimeoutError")),
    timeoutMs,
  );
  callers?.addEventListener("abort", onAbort, { once: true });
  if (callers?.aborted) onAbort();
  const stopTimer = () => clearTimeout(timer);
  return {
    signal: controller.signal,
    stopTimer,
    release: () => {
      stopTimer();
      callers?.removeEventListener("abort", onAbort);
    },
  };
}
