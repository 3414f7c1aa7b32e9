/**
 * A process that runs commands of the built command line one after the other, for `jifen-command.ts`: their modules are loaded
 * once. Each message is one command; the reply is its exit code and output.
 */
import { Writable } from "node:stream";
import { inspect } from "node:util";

const built = (file: string) => new URL(`../dist/cli/${file}`, import.meta.url).href;
const { jifen }: typeof import("../src/cli/commands.ts") = await import(built("commands.js"));
const { runCommandLine }: typeof import("../src/cli/run-command-line.ts") = await import(built("run-command-line.js"));

type Call = { readonly env: Readonly<Record<string, string>>; readonly words: readonly string[] };

/** Replaces a stream of the process. @returns what is written to it */
function collect(name: "stdout" | "stderr"): () => string {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write: (chunk, _encoding, done) => {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  Object.defineProperty(process, name, { configurable: true, get: () => stream });
  return () => Buffer.concat(chunks).toString("utf8");
}

async function run({ env, words }: Call): Promise<void> {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.exitCode = undefined;
  const [stdout, stderr] = [collect("stdout"), collect("stderr")];
  try {
    await runCommandLine(jifen, words);
  } catch (error) {
    // Node does this with an error that no command catches.
    process.stderr.write(`${inspect(error)}\n`);
    process.exitCode = 1;
  }
  process.send?.({ exitCode: Number(process.exitCode ?? 0), stdout: stdout(), stderr: stderr() });
}

// A command exits after its last work.
process.exit = ((code) => {
  process.exitCode = code;
}) as typeof process.exit;
process.on("message", (call: Call) => void run(call));
// The exit code of the last command is not that of this process.
process.on("disconnect", () => process.kill(process.pid, "SIGKILL"));
process.send?.("ready");
