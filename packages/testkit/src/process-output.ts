import type { ChildProcess } from "node:child_process";

/** The output of a process. */
export type Output = { readonly stdout: string; readonly stderr: string };

/** Collects the output of `child`. @returns a function that returns the output so far. */
export function collectOutput(child: ChildProcess): () => Output {
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  return () => ({ ...output });
}

/** The lines of `text` that are JSON objects. An incomplete last line is left out. */
export const parseLogs = (text: string): Readonly<Record<string, unknown>>[] =>
  text.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    try {
      return [JSON.parse(line) as Record<string, unknown>];
    } catch {
      return [];
    }
  });
