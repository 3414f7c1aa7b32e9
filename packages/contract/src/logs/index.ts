import { create } from "./logs.ts";

/** The operations on call logs, by noun and verb. */
export const logsOperations = { logs: { create } } as const;
