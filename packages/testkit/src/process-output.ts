import type { ChildProcess } from "node:child_process";

/** What a process has written. */
export type Output = { readonly stdout: string; readonly stderr: string };

/** Keeps what `child` writes. @returns all of it so far, whenever asked. */
export function collectOutput(child: ChildProcess): () => Output {
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"] as const) {
    child[name]?.setEncoding("utf8").on("data", (text: string) => {
      output[name] += text;
    });
  }
  return () => ({ ...output });
}

/** The lines of `text` that are JSON objects; a line that is still being written is not one yet. */
export const parseLogs = (text: string): Readonly<Record<string, unknown>>[] =>
  text.split("\n").flatMap((line) => {
    if (!line.startsWith("{")) return [];
    try {
      return [JSON.parse(line) as Record<string, unknown>];
    } catch {
      return [];
    }
  });
