import type { Prisma as Generated, PrismaClient } from "../generated/sqlite/client.ts";

/**
 * What the stores use of Prisma. Every generated client has the same models; the one with the
 * fewest features stands for all, so that nobody uses what another database lacks.
 */
export type Prisma = PrismaClient;

/** The same inside a transaction. */
export type PrismaTransaction = Generated.TransactionClient;
