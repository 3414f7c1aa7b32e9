import { check } from "./health.ts";

/** The operations on the process, by noun and verb. */
export const healthOperations = { health: { check } } as const;
