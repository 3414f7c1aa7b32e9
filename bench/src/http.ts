/** Measures the server over HTTP, beside a bare `node:http` server and pgbench, and checks its books afterwards. */
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { recordAnswers, startBareServer } from "./bare-process.ts";
import { auditPgbench } from "./books.ts";
import { balanceRequest, casesFor, consumeRequest } from "./cases.ts";
import { type Databases, openDatabases } from "./databases.ts";
import { startJifen } from "./jifen.ts";
import { type Options, parseOptions } from "./options.ts";
import type { PgbenchRun } from "./pgbench.ts";
import { logInEverybody } from "./population.ts";
import { summarise } from "./results.ts";
import { BARE, type Measurement, measure, warmUp } from "./rounds.ts";
import { tablesOf } from "./table.ts";

const options = parseOptions(process.argv.slice(2));
const databases = await openDatabases();
for (const remark of databases.remarks) progress(remark);
const drop = () => Promise.all([...databases.scratches, databases.pgbench].map((scratch) => scratch?.drop()));
process.once("SIGINT", () => void drop().finally(() => process.exit(130)));

try {
  const { measurements, findings } = await run(databases, options);
  report(measurements, findings);
  if (findings.length > 0) process.exitCode = 1;
} finally {
  await drop();
}

async function run({ scratches, pgbench }: Databases, { seconds, rounds }: Options) {
  progress("starting servers and logging in ten thousand users");
  const jifen = await Promise.all(scratches.map(startJifen));
  const [first] = jifen;
  if (!first) throw new Error("there is nothing to measure");
  const tokens = await logInEverybody(first.subject.url);

  const answers = await recordAnswers(first.subject.url, [consumeRequest(tokens[0]), balanceRequest(tokens[0])]);
  first.confirmed();
  const bare = await startBareServer(answers);
  const runs: PgbenchRun[] = [];
  const plan = {
    subjects: [{ name: BARE, url: bare.url, onLoad: () => undefined }, ...jifen.map(({ subject }) => subject)],
    cases: casesFor(tokens),
    pgbench: pgbench && { scratch: pgbench, onRun: (each: PgbenchRun) => void runs.push(each) },
    seconds,
    rounds,
  };

  progress("warming up");
  await warmUp(plan);
  const measurements: Measurement[] = [];
  for await (const each of measure(plan)) {
    measurements.push(each);
    progress(
      `round ${each.round} of ${rounds}: ${each.subject}, ${each.what}, ${each.spread}, ${each.connections} at once: ${each.ratePerSecond.toFixed(0)}/s`,
    );
  }

  await bare.stop();
  const findings = await Promise.all(jifen.map((each) => each.close()));
  if (pgbench) findings.push(await auditPgbench(pgbench, runs));
  return { measurements, findings: findings.flat() };
}

function report(measurements: readonly Measurement[], findings: readonly string[]): void {
  const results = summarise(measurements);
  const machine = [`Node ${process.versions.node}`, `${availableParallelism()} cores`, ...databases.remarks];
  if (options.json)
    writeFileSync(options.json, `${JSON.stringify({ machine, options, results, findings }, null, 2)}\n`);
  console.log(`${machine.join("; ")}`);
  console.log(
    `Medians, rounds: ${options.rounds}, seconds each: ${options.seconds}. Load, servers and databases share the machine.\n`,
  );
  console.log(tablesOf(results));
  console.log(
    findings.length === 0
      ? "Every answer was 200, and the books agree with the answers."
      : `NOT AS IT SHOULD BE:\n${findings.map((finding) => `  - ${finding}`).join("\n")}`,
  );
}

/** On standard error, so that the tables can be redirected. */
function progress(what: string): void {
  console.error(what);
}
