import { createTabStore } from "@jifen/client";

/** An act that was sent and whose outcome is not known to this page. */
export type UnresolvedAct = {
  readonly key: string;
  /** The fields of the form as they were sent. */
  readonly values: readonly (readonly [name: string, value: string])[];
  readonly sentAt: string;
};

const isUnresolvedAct = (value: unknown): value is UnresolvedAct =>
  typeof (value as Partial<UnresolvedAct> | null)?.key === "string" &&
  Array.isArray((value as Partial<UnresolvedAct>).values);

const store = createTabStore(isUnresolvedAct);

/**
 * Acts from before they are sent until their outcome is known. They outlive a closed dialog and a reload of the page, so that
 * the same act is sent again with the same key and the same values, and happens once. Another user of the tab does not see
 * them: an idempotency key belongs to the user who sent it, and would not keep the act of another user from happening again.
 */
export const unresolvedActs = (userId: string) => {
  const nameOf = (act: string) => `jifen-act:${userId}:${act}`;
  return {
    find: (act: string): UnresolvedAct | undefined => store.find(nameOf(act)),
    keep: (act: string, sent: UnresolvedAct): void => store.keep(nameOf(act), sent),
    forget: (act: string): void => store.forget(nameOf(act)),
  };
};
