/** The greatest code point: every text that begins with a prefix sorts before the prefix followed by it. */
const LAST = "\u{10FFFF}";

/** The texts that begin with a prefix, where texts compare by code points. */
export const prefixRange = (prefix: string) => ({ gte: prefix, lt: `${prefix}${LAST}` });

/**
 * The texts that begin with a prefix, by `LIKE`: for PostgreSQL, where columns have the collation of the database. Prisma
 * does not escape the wildcards of `LIKE`, whose escape character is the backslash.
 */
export const prefixPattern = (prefix: string) => ({ startsWith: prefix.replaceAll(/[\\%_]/g, "\\$&") });

/** A condition of Prisma for the texts that begin with a prefix. */
export type PrefixCondition = (prefix: string) => ReturnType<typeof prefixRange> | ReturnType<typeof prefixPattern>;
