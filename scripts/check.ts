/**
 * `pnpm check`: format and lint, build, types, unused code, then the tests. Steps that do not depend on each other run
 * concurrently. Prints the output of each step in one piece when the step ends, and a progress line every 15 seconds.
 * Exits with 1 when a step fails; steps that need a failed step are not started.
 */
import { spawn } from "node:child_process";
import { parseArgs } from "node:util";

type Step = {
  readonly name: string;
  /** Arguments of `pnpm`. */
  readonly command: readonly string[];
  /** Steps that must succeed first. */
  readonly after: readonly string[];
  /** Passes output through while the step runs, because it is long and runs alone. */
  readonly isLive?: true;
};

// Refuses every option and argument: it has none.
parseArgs({ options: {} });

const steps: readonly Step[] = [
  { name: "build", command: ["run", "build:server"], after: [] },
  { name: "lint", command: ["run", "lint"], after: ["build"] },
  { name: "types", command: ["run", "types"], after: ["build"] },
  { name: "unused", command: ["run", "unused"], after: ["build"] },
  { name: "build web", command: ["run", "build"], after: ["build"] },
  { name: "test", command: ["run", "test:run"], after: ["lint", "types", "unused", "build web"], isLive: true },
];

type State = "waiting" | "running" | "passed" | "failed" | "not run";

const PROGRESS_MS = 15_000;
const states = new Map<string, State>(steps.map(({ name }) => [name, "waiting"]));
const startedAtMs = Date.now();
const secondsSince = (ms: number): string => `${((Date.now() - ms) / 1_000).toFixed(1)} s`;

/** Runs one step to its end. Returns whether it passed. */
function run({ name, command, isLive }: Step): Promise<boolean> {
  const stepStartedAtMs = Date.now();
  states.set(name, "running");
  if (isLive) process.stdout.write(`\n── ${name}: ${secondsSince(startedAtMs)} after the start\n`);
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const child = spawn("pnpm", command, {
      stdio: isLive ? "inherit" : ["ignore", "pipe", "pipe"],
      shell: process.platform === "win32",
    });
    child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.on("error", (error) => chunks.push(Buffer.from(`${String(error)}\n`)));
    child.on("close", (code) => {
      const isPassed = code === 0;
      states.set(name, isPassed ? "passed" : "failed");
      const output = Buffer.concat(chunks).toString("utf8").trimEnd();
      process.stdout.write(`\n── ${name}: ${isPassed ? "passed" : "FAILED"} in ${secondsSince(stepStartedAtMs)}\n`);
      if (output !== "") process.stdout.write(`${output}\n`);
      resolve(isPassed);
    });
  });
}

const results = new Map<string, Promise<boolean>>();

/** Starts a step when the steps before it have passed. */
async function runInOrder(step: Step): Promise<boolean> {
  const before = await Promise.all(step.after.map((name) => results.get(name)));
  if (before.includes(false)) {
    states.set(step.name, "not run");
    return false;
  }
  return run(step);
}

const progress = setInterval(() => {
  const running = steps.filter(({ name, isLive }) => states.get(name) === "running" && !isLive);
  if (running.length === 0) return;
  process.stdout.write(`… ${secondsSince(startedAtMs)}, running: ${running.map(({ name }) => name).join(", ")}\n`);
}, PROGRESS_MS);

for (const step of steps) results.set(step.name, runInOrder(step));
const passed = await Promise.all(results.values());
clearInterval(progress);

const summary = steps.map(({ name }) => `${name} ${states.get(name)}`).join(", ");
process.stdout.write(`\n${passed.includes(false) ? "FAILED" : "passed"} in ${secondsSince(startedAtMs)}: ${summary}\n`);
process.exitCode = passed.includes(false) ? 1 : 0;
