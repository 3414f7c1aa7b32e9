import { randomUUID } from "node:crypto";
import { PrismaPg } from "@prisma/adapter-pg";
import { auditBaseline } from "../consistency-check.ts";
import { callersAtWork } from "../load/callers.ts";
import type { Speed } from "../report/measurement.ts";
import type { Scratch } from "../scratch.ts";
import { AMOUNT, accountsOf, type Spread } from "../workload.ts";
import { baselineTables } from "./statement.ts";

/** How many connections it is measured with: what a user gets who sets nothing, and one for each caller. */
const CONNECTIONS = [10, 64];
/** Longer than the two seconds after which Prisma gives up by itself: an error is not what is measured. */
const WAIT_MS = 30_000;

/** What is used of the client that `packages/database` generates. */
type PrismaClient = {
  $transaction(work: (tx: Statements) => Promise<void>, options: { maxWait: number; timeout: number }): Promise<void>;
  $disconnect(): Promise<void>;
};
type Statements = {
  $queryRaw<Row>(sql: TemplateStringsArray, ...values: unknown[]): Promise<Row[]>;
  $executeRaw(sql: TemplateStringsArray, ...values: unknown[]): Promise<number>;
};
type Generated = { readonly PrismaClient: new (options: { adapter: PrismaPg }) => PrismaClient };

/** What to spend from, how many callers, and for how long. */
type PrismaLoad = { readonly spread: Spread; readonly callers: number; readonly seconds: number };

/** An interactive transaction of Prisma for each consume, in this process. */
export type PrismaBaseline = {
  /** Spends with one connection pool after the other. @returns the faster one */
  run(load: PrismaLoad): Promise<Speed>;
  /** @returns what is wrong with its books, in sentences */
  audit(): Promise<string[]>;
};

/** Makes the tables of the baselines, and a client as `packages/database` generates it. */
export async function openPrisma(scratch: Scratch): Promise<PrismaBaseline> {
  await scratch.query(baselineTables);
  const generated = new URL("dist/generated/postgresql/client.js", import.meta.resolve("@jifen/database/package.json"));
  const { PrismaClient } = (await import(generated.href)) as Generated;
  let committed = 0;

  const runWith = async (max: number, { spread, callers, seconds }: PrismaLoad) => {
    const prisma = new PrismaClient({ adapter: new PrismaPg({ connectionString: scratch.url, max }) });
    try {
      const work = await callersAtWork({ callers, seconds }, async () => {
        await consume(prisma, 1 + Math.floor(Math.random() * accountsOf(spread)));
        return "done";
      });
      committed += work.done;
      return work;
    } finally {
      await prisma.$disconnect();
    }
  };
  return {
    run: async (load) => {
      const speeds: Speed[] = [];
      for (const max of CONNECTIONS) speeds.push(await runWith(max, load));
      return speeds.reduce((best, each) => (each.ratePerSecond > best.ratePerSecond ? each : best));
    },
    audit: async () => (await auditBaseline(scratch, committed)).map((finding) => `Prisma: ${finding}`),
  };
}

/** The columns of pgbench's statement, and both statements in SQL: what Prisma takes to build queries is not counted. */
const consume = (prisma: PrismaClient, account: number): Promise<void> =>
  prisma.$transaction(
    async (tx) => {
      const [spent] = await tx.$queryRaw<{ sequence: bigint; balance: bigint }>`
        UPDATE accounts SET balance = balance - ${AMOUNT}, sequence = sequence + 1
        WHERE id = ${account} AND balance >= ${AMOUNT} RETURNING sequence, balance`;
      if (!spent) throw new Error("there was not enough");
      await tx.$executeRaw`INSERT INTO transactions VALUES
        (${account}, ${spent.sequence}, ${randomUUID()}, ${AMOUNT}, 'bench', ${spent.balance}, clock_timestamp())`;
    },
    { maxWait: WAIT_MS, timeout: WAIT_MS },
  );
