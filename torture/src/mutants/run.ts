import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Check, HOOK_VARIABLE, MUTANT_VARIABLE, type Mutant, NOT_APPLIED, NOT_LOADED } from "./mutant.ts";

/** The result for one mutant. */
export type Verdict = {
  readonly mutant: Mutant;
  /** `stale`: it could not be applied to the sources, so nothing was tested. */
  readonly is: "caught" | "survived" | "stale";
  readonly seconds: number;
  /** The output of the check. */
  readonly output: string;
};

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Few operations: a mutant that needs many to show counts as not caught. */
const argumentsOf: Readonly<Record<Check, readonly string[]>> = {
  "model on sqlite": ["--ops", "6000", "--seed", "1", "--no-shortest", "--database", "sqlite"],
  "model on postgresql": ["--ops", "60000", "--seed", "1", "--no-shortest", "--database", "postgresql"],
  interleavings: ["--interleavings", "--database", "postgresql"],
  faults: ["--faults", "--database", "postgresql", "--seed", "1", "--kills", "0", "--losses", "150", "--stops", "0"],
  "logs on sqlite": ["--logs", "--database", "sqlite", "--seed", "1", "--kills", "0", "--losses", "0"],
  "logs on postgresql": ["--logs", "--database", "postgresql", "--seed", "1", "--kills", "0", "--losses", "16"],
  "logs on mysql": ["--logs", "--database", "mysql", "--seed", "1", "--kills", "0", "--losses", "16"],
};

/** A mutant whose check does not end within this time counts as not caught. */
const TIMEOUT_MS = 300_000;

/** Runs the check of a mutant in a process with that mutant. */
export async function tryMutant(mutant: Mutant): Promise<Verdict> {
  const startedAt = performance.now();
  const { code, output } = await runCheck(mutant.check, mutant.id);
  return { mutant, is: verdictOf(code, output), seconds: (performance.now() - startedAt) / 1_000, output };
}

/** The output of a check that fails without a mutant: it would catch everything. undefined when it passes. */
export async function failureWithoutMutant(check: Check): Promise<string | undefined> {
  const { code, output } = await runCheck(check);
  return code === 0 ? undefined : output;
}

async function runCheck(
  check: Check,
  mutantId?: string,
): Promise<{ readonly code: number | null; readonly output: string }> {
  const hook = fileOf("hook.ts");
  const options = mutantId === undefined ? [] : [`--import=${hook}`];
  const env = mutantId === undefined ? {} : { [MUTANT_VARIABLE]: mutantId, [HOOK_VARIABLE]: hook };
  const child = spawn(
    process.execPath,
    ["--conditions=@jifen/source", ...options, fileOf("../main.ts"), ...argumentsOf[check]],
    { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const kill = () => child.kill("SIGKILL");
  const timeout = setTimeout(kill, TIMEOUT_MS);
  process.once("exit", kill);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearTimeout(timeout);
  process.off("exit", kill);
  return { code, output };
}

/** A mutant is caught only if its check ran to the end and found a violation. */
function verdictOf(code: number | null, output: string): Verdict["is"] {
  if (code === 0 || code === null) return "survived";
  const isApplied = code !== NOT_APPLIED && !output.includes(NOT_LOADED);
  return isApplied && output.includes("FOUND") ? "caught" : "stale";
}

/** One line of the report: the mutant, its check, the duration, and the first finding. */
export function rowOf({ mutant, is, seconds, output }: Verdict): string {
  const found =
    output
      .split("FOUND")[1]
      ?.split("\n")
      .find((line) => line.startsWith("  "))
      ?.trim() ?? output.trim();
  const details = is === "survived" ? "" : `\n    ${found.slice(0, 160)}`;
  return `${is.toUpperCase().padEnd(9)} ${mutant.check.padEnd(20)} ${seconds.toFixed(1).padStart(5)} s  ${mutant.id}: ${mutant.description}${details}`;
}
