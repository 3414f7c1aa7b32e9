import type { Caller } from "../credentials/caller.ts";

/** Whether a caller may look after the keys of others. A key looks after those of its owner alone. */
export const canManageOtherKeys = ({ role, key }: Caller): boolean => role === "admin" && key === null;
