import { openPrisma, type PrismaBaseline } from "../baselines/prisma.ts";
import type { Bench } from "../run.ts";
import { createEngineSite, type EngineSite } from "./engine.ts";

/** What the parts without HTTP stand on. */
export type EngineStage = Bench & {
  readonly sqlite: EngineSite;
  readonly postgresql: EngineSite | undefined;
  readonly prisma: PrismaBaseline | undefined;
};

/** Makes the accounts on both databases. */
export async function prepareStage(bench: Bench): Promise<EngineStage> {
  const { databases, report } = bench;
  report.progress("making ten thousand accounts");
  const sqlite = await createEngineSite(databases.sqlite, report);
  const postgresql = databases.postgresql && (await createEngineSite(databases.postgresql.scratch, report));
  const prisma = databases.postgresql && (await openPrisma(await databases.postgresql.another()));
  return { ...bench, sqlite, postgresql, prisma };
}
