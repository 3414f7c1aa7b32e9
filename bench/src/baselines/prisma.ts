import { randomUUID } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import { runCallers } from "../load/callers.ts";
import type { Speed } from "../report/results.ts";
import { AMOUNT, randomAccount, type Spread } from "../workload.ts";
import { createTables } from "./postgresql.ts";

/** The default of the adapter, and one connection for each caller. */
const CONNECTIONS = [10, 64];
/** Longer than Prisma's default of two seconds: errors are not what is measured. */
const TIMEOUT_MS = 30_000;

/** The part of the generated client that is used. */
type Statements = {
  $queryRaw<Row>(sql: TemplateStringsArray, ...values: unknown[]): Promise<Row[]>;
  $executeRaw(sql: TemplateStringsArray, ...values: unknown[]): Promise<number>;
};
type PrismaClient = {
  $transaction(work: (tx: Statements) => Promise<void>, options: { maxWait: number; timeout: number }): Promise<void>;
  $disconnect(): Promise<void>;
};
type Generated = { readonly PrismaClient: new (options: { adapter: PrismaPg }) => PrismaClient };

/** Runs callers with one pool after the other, and returns the faster one. */
type RunPrisma = (load: { spread: Spread; callers: number; seconds: number }) => Promise<Speed>;

/** An interactive transaction of Prisma for each consume, by the client that `packages/database` generates. */
export async function openPrisma(url: string): Promise<RunPrisma> {
  await createTables(url);
  const generated = new URL("dist/generated/postgresql/client.js", import.meta.resolve("@jifen/database/package.json"));
  const { PrismaClient } = (await import(generated.href)) as Generated;
  return async ({ spread, callers, seconds }) => {
    const speeds: Speed[] = [];
    for (const max of CONNECTIONS) {
      const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: url, max }) });
      const send = () => consume(prisma, randomAccount(spread)).then(() => "done" as const);
      speeds.push(await runCallers({ callers, seconds }, send).finally(() => prisma.$disconnect()));
    }
    return speeds.reduce((best, each) => (each.ratePerSecond > best.ratePerSecond ? each : best));
  };
}

/** Both statements are raw SQL: the time that Prisma takes to build queries is not counted. */
const consume = (prisma: PrismaClient, account: number): Promise<void> =>
  prisma.$transaction(
    async (tx) => {
      const [spent] = await tx.$queryRaw<{ sequence: bigint; balance: bigint }>`
        UPDATE accounts SET balance = balance - ${AMOUNT}, sequence = sequence + 1
        WHERE id = ${account} AND balance >= ${AMOUNT} RETURNING sequence, balance`;
      if (!spent) throw new Error("the account has too few credits");
      await tx.$executeRaw`INSERT INTO transactions VALUES
        (${account}, ${spent.sequence}, ${randomUUID()}, ${AMOUNT}, 'bench', ${spent.balance}, ${Date.now()})`;
    },
    { maxWait: TIMEOUT_MS, timeout: TIMEOUT_MS },
  );
