/** How many processes add to the sums of all users without waiting for each other. */
export const PARTS = 32;

/** Every part of the sums of all users. */
export const allParts: readonly number[] = Array.from({ length: PARTS }, (_, part) => part);

/** The SQL condition for all parts, so that the key of the table is a range for each. */
export const inAllParts = `part IN (${allParts.join(", ")})`;
