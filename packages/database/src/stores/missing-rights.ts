import { afterConnectionLoss } from "../errors/failure.ts";
import { writeProblemOf } from "../errors/write-problem.ts";
import { everyRequiredRight, statementNeeding } from "../schema/required-rights.ts";
import type { Prisma } from "./prisma.ts";

/**
 * The rights that the role of a SQL server lacks, found by statements that touch no row: catalogues do not know what roles,
 * wildcards and poolers make of a right. Another refusal, such as of a read-only server, says nothing about rights.
 */
export const createMissingRights = (prisma: Prisma, quote: string) => async (): Promise<readonly string[]> => {
  const missing: string[] = [];
  for (const { table, right } of everyRequiredRight) {
    try {
      await prisma
        .$executeRawUnsafe(statementNeeding(right, table, quote))
        .catch(afterConnectionLoss("nothing written"));
    } catch (error) {
      const problem = writeProblemOf(error);
      if (problem === undefined) throw error;
      if (problem === "forbidden") missing.push(`${right} on ${table.name}`);
    }
  }
  return missing;
};
