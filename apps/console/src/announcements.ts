export type Announcement = { readonly id: number; readonly text: string };

let current: Announcement | undefined;
const listeners = new Set<() => void>();

/** Shows what an act has done, and tells it to screen readers. */
export function announce(text: string): void {
  current = { id: (current?.id ?? 0) + 1, text };
  for (const listener of listeners) listener();
}

/** The last announcement, for `useSyncExternalStore`. */
export const announcements = {
  current: (): Announcement | undefined => current,
  subscribe: (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  },
};
