/** Values of this browser tab, by name. */
export type TabStore<Value> = {
  find(name: string): Value | undefined;
  keep(name: string, value: Value): void;
  forget(name: string): void;
};

/**
 * Keeps values in this tab until they are forgotten: those of calls whose outcome is not known, with their idempotency keys.
 * A reload of the page keeps them. Without storage (on a server, where the browser blocks it, or when it is full) the page
 * itself keeps them. Each tab has its own: two tabs that send the same are two intents.
 * @param isValue recognises a stored value; anything else is ignored
 */
export function createTabStore<Value>(isValue: (value: unknown) => value is Value): TabStore<Value> {
  // Outlives components.
  const values = new Map<string, Value>();
  return {
    find: (name) => values.get(name) ?? readStored(name, isValue),
    keep: (name, value) => {
      values.set(name, value);
      try {
        storage()?.setItem(name, JSON.stringify(value));
      } catch {
        // Without space for it, a reload forgets the value.
      }
    },
    forget: (name) => {
      values.delete(name);
      storage()?.removeItem(name);
    },
  };
}

function readStored<Value>(name: string, isValue: (value: unknown) => value is Value): Value | undefined {
  try {
    const value: unknown = JSON.parse(storage()?.getItem(name) ?? "null");
    return isValue(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** The storage of this tab; undefined on a server, and where the browser blocks it. */
function storage(): Storage | undefined {
  try {
    return globalThis.sessionStorage;
  } catch {
    return undefined;
  }
}
