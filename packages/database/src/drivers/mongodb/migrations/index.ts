import type { CollectionSchema } from "../collection-schema.ts";
import { firstCollections } from "./001-first-collections.ts";

/**
 * A migration: collections as they are from then on. It may be done twice, and be stopped in the middle of it, because
 * MongoDB has no transaction for this: what is there already is left, or brought to the same shape again.
 */
export type Migration = {
  readonly version: number;
  readonly name: string;
  readonly shapes: readonly CollectionSchema[];
};

/** Every migration, in order. One that was released is never changed again: it has run somewhere. */
export const migrations: readonly Migration[] = [
  { version: 1, name: "001-first-collections", shapes: firstCollections },
];
