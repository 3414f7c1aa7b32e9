let lostAt: string | undefined;
const listeners = new Set<() => void>();

function change(value: string | undefined): void {
  if ((value === undefined) === (lostAt === undefined)) return;
  lostAt = value;
  for (const listener of listeners) listener();
}

/** Whether the server can be reached, as far as the last answers tell. */
export const connection = {
  lost: (): void => change(new Date().toISOString()),
  restored: (): void => change(undefined),
  /** Since when the server could not be reached; undefined while it can. */
  lostAt: (): string | undefined => lostAt,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
