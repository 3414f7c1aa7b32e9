import { create } from "./exports.ts";

/** The operations on files for browsers, by noun and verb. */
export const exportsOperations = { exports: { create } } as const;
