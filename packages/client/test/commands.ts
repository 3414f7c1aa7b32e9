import { execFile } from "node:child_process";
import { delimiter, dirname } from "node:path";
import { timeLimit } from "@jifen/testkit/time-limit";

/** The output and the exit code of a command. */
export type CommandResult = { readonly exitCode: number; readonly stdout: string; readonly stderr: string };

/** Where a command runs. `env` is added to the environment of this process. */
export type CommandOptions = { readonly cwd: string; readonly env?: Readonly<Record<string, string>> };

/** Only an unreachable registry takes longer. */
const COMMAND_TIMEOUT_MS = timeLimit(200);

/** Runs a command with the Node version of this test. It does not throw when the command fails. */
export function run(command: string, args: readonly string[], { cwd, env }: CommandOptions): Promise<CommandResult> {
  const path = [dirname(process.execPath), process.env["PATH"]].join(delimiter);
  const options = { cwd, env: { ...process.env, PATH: path, ...env }, timeout: COMMAND_TIMEOUT_MS };
  return new Promise((resolve) => {
    execFile(command, args, options, (error, stdout, stderr) =>
      resolve({ exitCode: error ? Number(error.code) || 1 : 0, stdout, stderr }),
    );
  });
}

/** Runs a command that must succeed. @returns its standard output @throws Error with its output */
export async function runOrFail(command: string, args: readonly string[], options: CommandOptions): Promise<string> {
  const { exitCode, stdout, stderr } = await run(command, args, options);
  if (exitCode !== 0) throw new Error(`${command} ${args.join(" ")} exited with ${exitCode}:\n${stdout}${stderr}`);
  return stdout;
}
