/** Reads at most once in this time. A failure is not kept. */
export function cachedFor<Value>(freshMs: number, read: () => Promise<Value>): () => Promise<Value> {
  let last: { readonly atMs: number; readonly value: Promise<Value> } | undefined;
  return async () => {
    if (!last || performance.now() - last.atMs > freshMs) last = { atMs: performance.now(), value: read() };
    const { value } = last;
    return value.catch((error: unknown) => {
      last = undefined;
      throw error;
    });
  };
}
