import type { Prisma as Generated, PrismaClient } from "../generated/sqlite/client.ts";

/**
 * Prisma's client, as the stores use it. Every generated client has the same models. The type is that of the client with the
 * fewest features, so that no store uses a feature that another database lacks.
 */
export type Prisma = PrismaClient;

/** The client within a transaction. */
export type PrismaTransaction = Generated.TransactionClient;
