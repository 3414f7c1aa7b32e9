/** Tests the ledger against a model, under faults, and with seeded bugs (mutants). See docs/torture.md. */
import { randomInt } from "node:crypto";
import { parseArgs } from "node:util";
import { endServers } from "@jifen/testkit/processes";
import { runInterleavings } from "./engine/interleavings.ts";
import { type ModelRun, runModel } from "./engine/run.ts";
import { type FaultResult, type FaultRun, runFaults } from "./faults/run.ts";
import { type LogRun, runLogs } from "./logs/run.ts";
import { mutants } from "./mutants/mutants.ts";
import { failureWithoutMutant, rowOf, tryMutant } from "./mutants/run.ts";
import { type PaymentRun, runPayments } from "./payments/run.ts";
import { type Kind, kinds, scratchOn } from "./scratch.ts";

const print = (text: string) => process.stdout.write(`${text}\n`);

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new RangeError(`--${name} must be a whole number, not "${text}"`);
  return Number(text);
}

/** Progress: one updated line on a terminal, otherwise one line every ten seconds. */
function progress(total: number): (done: number) => void {
  const startedAt = performance.now();
  let printedAt = startedAt;
  return (done) => {
    const now = performance.now();
    const rate = Math.round(done / ((now - startedAt) / 1_000));
    const line = `${done} of ${total} (${rate}/s, checks included)`;
    if (process.stderr.isTTY) process.stderr.write(`\r${line}`);
    else if (now - printedAt > 10_000) {
      printedAt = now;
      process.stderr.write(`${line}\n`);
    }
  };
}

/** @returns whether no violation was found. */
async function checkModel(kind: Kind, run: Pick<ModelRun, "operations" | "seed" | "shortest">): Promise<boolean> {
  const { operations, seed } = run;
  await using scratch = await scratchOn(kind);
  const result = await runModel({ ...run, url: scratch.url, onProgress: progress(operations) });
  const rate = `${result.operations} operations on ${kind}, ${Math.round(result.perSecond)}/s`;
  if (result.failure !== undefined) {
    print(`FOUND after ${rate}, with --seed ${seed} --database ${kind}\n${result.failure}`);
    return false;
  }
  const rows = [...result.tally].toSorted(([one], [other]) => (one < other ? -1 : 1));
  print(`${rate}: every answer and every row equals the model`);
  for (const [name, times] of rows) print(`  ${String(times).padStart(9)}  ${name}`);
  return true;
}

async function checkInterleavings(kind: Kind): Promise<boolean> {
  await using scratch = await scratchOn(kind);
  const { pairs, findings } = await runInterleavings(scratch.url);
  if (findings.length === 0) {
    print(`${pairs} interleaved pairs of requests on ${kind}: every answer is linearizable`);
    return true;
  }
  print(`FOUND with --interleavings --database ${kind}`);
  for (const finding of findings.slice(0, 5)) print(`  ${finding}`);
  return false;
}

const checkFaults = (run: Omit<FaultRun, "say">): Promise<boolean> =>
  checkUnderFaults({ ...run, option: "--faults" }, (say) => runFaults({ ...run, say }));

const checkLogs = (run: Omit<LogRun, "say">): Promise<boolean> =>
  checkUnderFaults({ ...run, option: "--logs" }, (say) => runLogs({ ...run, say }));

const checkPayments = (run: Omit<PaymentRun, "say">): Promise<boolean> =>
  checkUnderFaults({ ...run, option: "--payments" }, (say) => runPayments({ ...run, say }));

async function checkUnderFaults(
  run: { readonly seed: number; readonly kind: Kind; readonly option: string },
  inject: (say: (what: string) => void) => Promise<FaultResult>,
): Promise<boolean> {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1_000);
  const { findings, tally } = await inject((what) => print(`  after ${seconds()} s: ${what}`));
  await endServers();
  for (const [name, times] of [...tally].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    print(`  ${String(times).padStart(9)}  ${name}`);
  }
  if (findings.length === 0) {
    print(`no lost, duplicate or invented effect in ${seconds()} seconds`);
    return true;
  }
  print(`FOUND with ${run.option} --seed ${run.seed} --database ${run.kind}`);
  for (const finding of findings.slice(0, 20)) print(`  ${finding}`);
  return false;
}

async function checkMutants(only: string): Promise<boolean> {
  const selected = mutants.filter((each) => each.id.includes(only));
  for (const check of new Set(selected.map((each) => each.check))) {
    const failure = await failureWithoutMutant(check);
    if (failure === undefined) continue;
    print(`${failure}\nFOUND without a mutant, by ${check}: its results with mutants would mean nothing`);
    return false;
  }
  let survivors = 0;
  for (const mutant of selected) {
    const verdict = await tryMutant(mutant);
    if (verdict.is !== "caught") survivors += 1;
    print(rowOf(verdict));
  }
  print(`${selected.length - survivors} of ${selected.length} mutants were caught`);
  return survivors === 0;
}

/** All kinds of databases; MongoDB only if TEST_MONGODB_URL is set. */
function availableKinds(): readonly Kind[] {
  if (process.env["TEST_MONGODB_URL"]) return kinds;
  print("MongoDB is skipped: TEST_MONGODB_URL is not set");
  return kinds.filter((kind) => kind !== "mongodb");
}

const text = (value: string) => ({ type: "string", default: value }) as const;
const flag = (value = false) => ({ type: "boolean", default: value }) as const;

const usage = `pnpm torture: tests the ledger against a model, under faults, and with seeded bugs

  --ops 1000000        the number of requests
  --seed N             the seed of all randomness; a new one by default
  --database KIND      ${kinds.join(", ")}; all by default
  --no-shortest        do not shrink a failing history
  --interleavings      the race matrix: every pair of requests on one account, from two processes
  --faults             kill servers, connections and databases under load
    --kills 200        the number of servers to kill with SIGKILL
    --losses 3000      the number of connections to lose at a write
    --stops 30         how often to kill the database with SIGKILL, and to suspend it
  --logs               the call log: kill servers and connections while logs are written, then check lists and sums
    --kills 200, --losses 3000
  --payments           orders and payments: kill servers, and lose, repeat, reorder and forge the notices of providers
    --orders 2000        how many orders are placed
    --kills 200
  --mutants            seed bugs, one at a time, and check that each is caught
    --only TEXT        only the mutants whose id contains this text
`;

/** Reads the command line; unknown options and arguments throw. */
function readOptions() {
  const { values } = parseArgs({
    allowNegative: true,
    options: {
      ops: text("1000000"),
      seed: { type: "string" },
      database: { type: "string" },
      shortest: flag(true),
      interleavings: flag(),
      faults: flag(),
      logs: flag(),
      payments: flag(),
      orders: text("2000"),
      kills: text("200"),
      losses: text("3000"),
      stops: text("30"),
      mutants: flag(),
      only: text(""),
      help: { ...flag(), short: "h" },
    },
  });
  const database = kinds.find((kind) => kind === values.database);
  if (values.database !== undefined && database === undefined) {
    throw new RangeError(`--database must be one of ${kinds.join(", ")}, not "${values.database}"`);
  }
  return { ...values, database };
}

/** The parts of a run: what it checks, one after the other. */
function partsOf(options: ReturnType<typeof readOptions>, seed: number): readonly (() => Promise<boolean>)[] {
  const selected = options.database === undefined ? availableKinds() : [options.database];
  const count = (name: "kills" | "losses" | "orders" | "stops" | "ops") => wholeNumber(name, options[name]);
  if (options.mutants) return [() => checkMutants(options.only)];
  if (options.faults) {
    const faults = { seed, kills: count("kills"), losses: count("losses"), stops: count("stops") };
    return selected.map((kind) => () => checkFaults({ ...faults, kind }));
  }
  if (options.logs) {
    const faults = { seed, kills: count("kills"), losses: count("losses") };
    return selected.map((kind) => () => checkLogs({ ...faults, kind }));
  }
  if (options.payments) {
    const faults = { seed, kills: count("kills"), orders: count("orders") };
    return selected.map((kind) => () => checkPayments({ ...faults, kind }));
  }
  // SQLite is used by one process only.
  const servers = selected.filter((kind) => kind !== "sqlite");
  if (options.interleavings) return servers.map((kind) => () => checkInterleavings(kind));
  const { shortest } = options;
  const operations = count("ops");
  return selected.map((kind) => () => checkModel(kind, { operations, seed, shortest }));
}

async function run(): Promise<void> {
  const options = readOptions();
  if (options.help) return void print(usage);
  const seed = options.seed === undefined ? randomInt(1_000_000) : wholeNumber("seed", options.seed);
  const parts = partsOf(options, seed);
  print(`--seed ${seed}`);
  let isGood = true;
  for (const part of parts) isGood = (await part()) && isGood;
  process.exitCode = isGood ? 0 : 1;
}

try {
  await run();
} catch (error) {
  // A wrong command line needs no stack trace.
  const isUsageError =
    error instanceof RangeError || (error as NodeJS.ErrnoException).code?.startsWith("ERR_PARSE_ARGS");
  process.stderr.write(`${isUsageError ? `${(error as Error).message}\n${usage}` : (error as Error).stack}\n`);
  process.exitCode = 1;
}
