import { find } from "./search.ts";

/** Finding things by what a person has of them. */
export const searchOperations = { search: { find } } as const;
