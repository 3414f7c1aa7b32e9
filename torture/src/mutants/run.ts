import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type Check, HOOK_VARIABLE, MUTANT_VARIABLE, type Mutant, NOT_APPLIED } from "./mutant.ts";

/** What became of a bug. */
export type Verdict = {
  readonly mutant: Mutant;
  /** `stale`: its text is no longer in the sources, so that nothing was tried. */
  readonly is: "caught" | "survived" | "stale";
  readonly seconds: number;
  /** What the check said last. */
  readonly said: string;
};

const fileOf = (path: string) => fileURLToPath(new URL(path, import.meta.url));

/** Few operations: a bug that takes many to show is not caught. */
const argumentsOf: Readonly<Record<Check, readonly string[]>> = {
  "model on sqlite": ["--ops", "6000", "--seed", "1", "--no-shortest", "--database", "sqlite"],
  "model on postgresql": ["--ops", "60000", "--seed", "1", "--no-shortest", "--database", "postgresql"],
  meetings: ["--interleavings", "--database", "postgresql"],
  faults: ["--faults", "--database", "postgresql", "--seed", "1", "--kills", "0", "--cuts", "150", "--stops", "0"],
};

/** A bug that makes the check wait for ever is not caught. */
const ENDS_WITHIN_MS = 120_000;

/** Runs the check that must find the bug, in a process that has it. */
export async function tryMutant(mutant: Mutant): Promise<Verdict> {
  const began = performance.now();
  const { code, said } = await runCheck(mutant.check, mutant.name);
  return { mutant, is: verdictOf(code, said), seconds: (performance.now() - began) / 1_000, said };
}

/** Runs a check without any bug: one that fails anyway would catch whatever it is given. */
export async function failsAnyway(check: Check): Promise<boolean> {
  return (await runCheck(check)).code !== 0;
}

async function runCheck(
  check: Check,
  mutant?: string,
): Promise<{ readonly code: number | null; readonly said: string }> {
  const hook = fileOf("hook.ts");
  const options = mutant === undefined ? [] : [`--import=${hook}`];
  const env = mutant === undefined ? {} : { [MUTANT_VARIABLE]: mutant, [HOOK_VARIABLE]: hook };
  const child = spawn(
    process.execPath,
    ["--conditions=@jifen/source", ...options, fileOf("../main.ts"), ...argumentsOf[check]],
    { env: { ...process.env, ...env }, stdio: ["ignore", "pipe", "pipe"] },
  );
  let said = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said += text;
    });
  }
  const end = () => child.kill("SIGKILL");
  const ended = setTimeout(end, ENDS_WITHIN_MS);
  process.once("exit", end);
  const code = await new Promise<number | null>((resolve) => child.once("close", resolve));
  clearTimeout(ended);
  process.off("exit", end);
  return { code, said };
}

/** Only a check that ran to its end and found something has caught anything. */
function verdictOf(code: number | null, said: string): Verdict["is"] {
  if (code === 0 || code === null) return "survived";
  return code === NOT_APPLIED || !said.includes("FOUND") ? "stale" : "caught";
}

/** One row for people: the bug, what found it, after how long, and the first thing that it said. */
export function rowOf({ mutant, is, seconds, said }: Verdict): string {
  const found =
    said
      .split("FOUND")[1]
      ?.split("\n")
      .find((line) => line.startsWith("  "))
      ?.trim() ?? said.trim();
  const what = is === "survived" ? "" : `\n    ${found.slice(0, 160)}`;
  return `${is.toUpperCase().padEnd(9)} ${mutant.check.padEnd(20)} ${seconds.toFixed(1).padStart(5)} s  ${mutant.name}${what}`;
}
