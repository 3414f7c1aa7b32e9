import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { Readable } from "node:stream";
import { text } from "node:stream/consumers";
import { pipeline } from "node:stream/promises";
import { promisify } from "node:util";

/** A program of the database failed. The message is its own. */
export class ProgramFailed extends Error {
  override name = "ProgramFailed";
}

/** A program, its arguments, and the environment that has its password: other users see the arguments of a process. */
export type ProgramCall = {
  readonly program: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
};

/** An installed program: its name with its version, and the major version. */
export type Program = { readonly name: string; readonly major: number };

/** Finds a program by its `--version`. Undefined when it is not installed. */
export async function findProgram(program: string): Promise<Program | undefined> {
  try {
    const { stdout } = await promisify(execFile)(program, ["--version"]);
    const version = /\d+(\.\d+)*/.exec(stdout)?.[0] ?? "";
    return { name: `${program} ${version}`, major: Number.parseInt(version, 10) };
  } catch {
    return undefined;
  }
}

const start = ({ program, args, env }: ProgramCall) => {
  // Messages in one language, whatever the shell has.
  const child = spawn(program, args, { env: { ...process.env, LC_ALL: "C", ...env } });
  const closed = once(child, "close");
  const messages = text(child.stderr);
  const end = async () => {
    await closed;
    if (child.exitCode !== 0) throw new ProgramFailed(`${program} failed: ${(await messages).trim()}`);
  };
  return { child, end };
};

/** What a program prints. Fails at its end when the program has failed: what was read before is incomplete then. */
export function outputOf(call: ProgramCall): Readable {
  return Readable.from(
    (async function* () {
      const { child, end } = start(call);
      child.stdin.end();
      try {
        yield* child.stdout as AsyncIterable<Buffer>;
        await end();
      } finally {
        child.kill();
      }
    })(),
    { objectMode: false },
  );
}

/** Runs a program that reads `input`. @throws ProgramFailed, and the error of `input`, after which the program has no more input */
export async function feedProgram(call: ProgramCall, input: Readable): Promise<void> {
  const { child, end } = start(call);
  child.stdout.resume();
  const [fed, ended] = await Promise.allSettled([pipeline(input, child.stdin), end()]);
  // A program that failed closes its input: its own message says why.
  if (ended.status === "rejected") throw ended.reason;
  if (fed.status === "rejected") throw fed.reason;
}
