/** The ledger in this process, without HTTP: consumes that wait together, beside pgbench on the same PostgreSQL. */
import { randomUUID } from "node:crypto";
import { setImmediate, setTimeout } from "node:timers/promises";
import { openDatabase } from "@jifen/database";
import { accountId, createLedger, credits, grantId, type Ledger, transactionId } from "@jifen/ledger";
import { AMOUNT, type Spread } from "./cases.ts";
import { openDatabases } from "./databases.ts";
import { parseOptions } from "./options.ts";
import { CLIENTS, runPgbench } from "./pgbench.ts";
import { GRANTED, USERS } from "./population.ts";
import { median } from "./statistics.ts";

const spreads: readonly Spread[] = ["one account", "10,000 accounts"];
const WAITING = [1, 64, 256, 1_024];
const accountOf = (index: number) => accountId(`user:bench-${index}@example.com`);

async function compare(spread: Spread): Promise<void> {
  const rates = new Map<string, number[]>();
  const note = (subject: string, rate: number) => rates.set(subject, [...(rates.get(subject) ?? []), rate]);
  const bests: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    const best = await bestOfPgbench(spread);
    bests.push(best);
    for (const scratch of databases.scratches) {
      await withLedger(scratch.url, async (ledger) => {
        for (const waiting of WAITING) {
          note(`${scratch.kind}, ${waiting} waiting`, await consumesPerSecond(ledger, { spread, waiting }));
        }
      });
    }
  }
  const baseline = median(bests);
  console.log(`\n${spread}: pgbench, its best client count: ${baseline.toFixed(0)}/s`);
  for (const [subject, all] of rates) {
    const ratio = Number.isFinite(baseline) ? `  ${(median(all) / baseline).toFixed(2)} of pgbench` : "";
    console.log(`  ${subject.padEnd(28)} ${median(all).toFixed(0).padStart(8)}/s${ratio}`);
  }
}

async function bestOfPgbench(spread: Spread): Promise<number> {
  const { pgbench } = databases;
  if (!pgbench) return Number.NaN;
  const rates: number[] = [];
  for (const clients of CLIENTS) rates.push((await runPgbench(pgbench, { spread, clients, seconds })).ratePerSecond);
  return Math.max(...rates);
}

/** Opens the ledger as the server does; every account has been given something once. */
async function withLedger(url: string, work: (ledger: Ledger) => Promise<void>): Promise<void> {
  const database = await openDatabase(url);
  const ledger = createLedger({
    store: database.ledger,
    lanes: database.ledgerLanes,
    newTransactionId: () => transactionId(`txn-${randomUUID()}`),
    wait: (ms) => (ms === 0 ? setImmediate() : setTimeout(ms)),
  });
  const isNew = (await ledger.balance(accountOf(0))).balance === 0;
  for (let from = 0; isNew && from < USERS; from += 1_000) {
    await Promise.all(Array.from({ length: 1_000 }, (_, at) => fund(ledger, from + at)));
  }
  await work(ledger);
  await database.close();
}

const fund = (ledger: Ledger, index: number) =>
  ledger.grant({
    accountId: accountOf(index),
    grantId: grantId(`grant-${index}`),
    amount: credits(GRANTED),
    source: "initial",
    priority: 50,
    expiresAtMs: null,
    reason: "initial",
  });

/** So many callers, each of which waits for its answer before it asks again; a refusal would be a wrong answer. */
async function consumesPerSecond(ledger: Ledger, load: { spread: Spread; waiting: number }): Promise<number> {
  const accounts = load.spread === "one account" ? 1 : USERS;
  const end = performance.now() + seconds * 1_000;
  let done = 0;
  const began = performance.now();
  const caller = async () => {
    while (performance.now() < end) {
      const account = accountOf(Math.floor(Math.random() * accounts));
      const asked = { accountId: account, amount: credits(AMOUNT), action: "bench", metadata: null };
      const outcome = await ledger.consume(asked);
      if (!outcome.ok) throw new Error(`refused with ${outcome.refusal.code}`);
      done += 1;
    }
  };
  await Promise.all(Array.from({ length: load.waiting }, caller));
  return done / ((performance.now() - began) / 1_000);
}

const { seconds, rounds } = parseOptions(process.argv.slice(2));
const databases = await openDatabases();
for (const remark of databases.remarks) console.log(remark);
try {
  for (const spread of spreads) await compare(spread);
} finally {
  await Promise.all([...databases.scratches, databases.pgbench].map((scratch) => scratch?.drop()));
}
