import { execFile } from "node:child_process";
import { delimiter, dirname } from "node:path";

/** What a command said and how it ended. */
export type Ran = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/** Where a command runs, and what it finds in its environment beside what this test has. */
export type Place = { readonly cwd: string; readonly env?: Readonly<Record<string, string>> };

/** Longer than this only a registry out of reach takes. */
const GIVE_UP_AFTER_MS = 120_000;

/** Runs a command to its end with the Node that runs this test; a failure is for the caller to judge. */
export function run(command: string, args: readonly string[], { cwd, env }: Place): Promise<Ran> {
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const options = { cwd, env: { ...process.env, PATH: path, ...env }, timeout: GIVE_UP_AFTER_MS };
  return new Promise((resolve) => {
    execFile(command, args, options, (error, stdout, stderr) =>
      resolve({ exitCode: error ? Number(error.code) || 1 : 0, stdout, stderr }),
    );
  });
}

/** Runs a command that must succeed. @returns its standard output @throws Error with all it said */
export async function runOrFail(command: string, args: readonly string[], place: Place): Promise<string> {
  const { exitCode, stdout, stderr } = await run(command, args, place);
  if (exitCode !== 0) throw new Error(`${command} ${args.join(" ")} ended with ${exitCode}:\n${stdout}${stderr}`);
  return stdout;
}
