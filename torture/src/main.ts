/** The ledger against a model, under faults, and against seeded bugs. See docs/torture.md. */
import { randomInt } from "node:crypto";
import { endServers } from "@jifen/testkit/processes";
import { defineCommand, runMain } from "citty";
import { runMeetings } from "./engine/interleavings.ts";
import { type ModelRun, runModel } from "./engine/run.ts";
import { type FaultRun, runFaults } from "./faults/run.ts";
import { mutants } from "./mutants/mutants.ts";
import { failsAnyway, rowOf, tryMutant } from "./mutants/run.ts";
import { type Kind, kinds, scratchOn } from "./scratch.ts";

const say = (text: string) => process.stdout.write(`${text}\n`);

function wholeNumber(name: string, text: string): number {
  if (!/^\d{1,12}$/.test(text)) throw new RangeError(`--${name} wants a whole number, not "${text}"`);
  return Number(text);
}

/** One line that is written over where somebody watches, and one in ten seconds where nobody does. */
function progress(total: number): (done: number) => void {
  const began = performance.now();
  let saidAt = began;
  return (done) => {
    const now = performance.now();
    const rate = Math.round(done / ((now - began) / 1_000));
    const line = `${done} of ${total} (${rate}/s with everything)`;
    if (process.stderr.isTTY) process.stderr.write(`\r${line}`);
    else if (now - saidAt > 10_000) {
      saidAt = now;
      process.stderr.write(`${line}\n`);
    }
  };
}

/** @returns whether nothing was found */
async function checkModel(kind: Kind, run: Pick<ModelRun, "operations" | "seed" | "shortest">): Promise<boolean> {
  const { operations, seed } = run;
  await using scratch = await scratchOn(kind);
  const result = await runModel({ ...run, url: scratch.url, onProgress: progress(operations) });
  const rate = `${result.operations} operations on ${kind}, ${Math.round(result.perSecond)} in a second`;
  if (result.failure !== undefined) {
    say(`FOUND after ${rate}, with --seed ${seed} --database ${kind}\n${result.failure}`);
    return false;
  }
  const rows = [...result.tally].toSorted(([one], [other]) => (one < other ? -1 : 1));
  say(`${rate}: every answer and every row as the model has it`);
  for (const [name, times] of rows) say(`  ${String(times).padStart(9)}  ${name}`);
  return true;
}

async function checkMeetings(kind: Kind): Promise<boolean> {
  await using scratch = await scratchOn(kind);
  const { met, findings } = await runMeetings(scratch.url);
  if (findings.length === 0) {
    say(`${met} pairs of requests met on an account on ${kind}, and each was answered as if it had come alone`);
    return true;
  }
  say(`FOUND with --meetings --database ${kind}`);
  for (const finding of findings.slice(0, 5)) say(`  ${finding}`);
  return false;
}

async function checkFaults(run: Omit<FaultRun, "say">): Promise<boolean> {
  const began = performance.now();
  const seconds = () => Math.round((performance.now() - began) / 1_000);
  const { findings, tally } = await runFaults({ ...run, say: (what) => say(`  after ${seconds()} s: ${what}`) });
  await endServers();
  for (const [name, times] of [...tally].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    say(`  ${String(times).padStart(9)}  ${name}`);
  }
  if (findings.length === 0) {
    say(`nothing was lost, done twice or made up, in ${seconds()} seconds`);
    return true;
  }
  say(`FOUND with --faults --seed ${run.seed} --database ${run.kind}`);
  for (const finding of findings.slice(0, 20)) say(`  ${finding}`);
  return false;
}

async function checkMutants(only: string): Promise<boolean> {
  const tried = mutants.filter((each) => each.name.includes(only));
  for (const check of new Set(tried.map((each) => each.check))) {
    if (!(await failsAnyway(check))) continue;
    say(`FOUND without any bug, by ${check}: nothing that it says about bugs would mean anything`);
    return false;
  }
  let survivors = 0;
  for (const mutant of tried) {
    const verdict = await tryMutant(mutant);
    if (verdict.is !== "caught") survivors += 1;
    say(rowOf(verdict));
  }
  say(`${tried.length - survivors} of ${tried.length} bugs were caught`);
  return survivors === 0;
}

/** No MongoDB is started for a run, and none is looked for. */
function all(): readonly Kind[] {
  if (process.env["TEST_MONGODB_URL"]) return kinds;
  say("MongoDB is left out: TEST_MONGODB_URL names none");
  return kinds.filter((kind) => kind !== "mongodb");
}

const command = defineCommand({
  meta: { name: "torture", description: "The ledger against a model, under faults, and against seeded bugs" },
  args: {
    ops: { type: "string", description: "How many requests to make", default: "1000000" },
    seed: { type: "string", description: "What everything random follows from; another one each time when left out" },
    database: { type: "enum", options: [...kinds], description: "Only this one; all when left out" },
    shortest: { type: "boolean", default: true, description: "Look for the shortest history that fails" },
    meetings: { type: "boolean", description: "Let every kind of request meet every other one, in two processes" },
    faults: { type: "boolean", description: "Break servers, connections and databases under load" },
    kills: { type: "string", description: "How many servers are ended with kill -9", default: "200" },
    cuts: { type: "string", description: "How many connections are cut at a write", default: "3000" },
    stops: { type: "string", description: "How often the database is ended with kill -9, and stopped", default: "30" },
    mutants: { type: "boolean", description: "Seed bugs, one at a time, and see whether they are caught" },
    only: { type: "string", description: "Only the bugs with this in their names", default: "" },
  },
  run: async ({ args }) => {
    const seed = args.seed === undefined ? randomInt(1_000_000) : wholeNumber("seed", args.seed);
    say(`--seed ${seed}`);
    const { shortest } = args;
    const asked = args.database === undefined ? all() : [args.database as Kind];
    // A file has one process.
    const servers = asked.filter((kind) => kind !== "sqlite");
    const count = (name: "kills" | "cuts" | "stops") => wholeNumber(name, args[name]);
    const faults = { seed, kills: count("kills"), cuts: count("cuts"), stops: count("stops") };
    const parts = args.mutants
      ? [() => checkMutants(args.only)]
      : args.faults
        ? asked.map((kind) => () => checkFaults({ ...faults, kind }))
        : args.meetings
          ? servers.map((kind) => () => checkMeetings(kind))
          : asked.map((kind) => () => checkModel(kind, { operations: wholeNumber("ops", args.ops), seed, shortest }));
    let isGood = true;
    for (const part of parts) isGood = (await part()) && isGood;
    process.exitCode = isGood ? 0 : 1;
  },
});

await runMain(command);
