import { inspect } from "node:util";
import { explain, isUnexplained } from "./explain.ts";
import { redact } from "./redact.ts";
import { inStage, type Stage } from "./stage.ts";

const isDebugging = (): boolean => ["debug", "trace"].includes(process.env["LOG_LEVEL"] ?? "");

const hint = "LOG_LEVEL=debug prints the stack trace. 设置 LOG_LEVEL=debug 可查看堆栈。";

/**
 * Runs the start of a process, or a command. On an error prints which stage failed, why and how to correct it, without
 * passwords, and exits with 1.
 * @param stage the stage of an error outside of every `inStage`
 */
export async function reportStartupError(start: () => Promise<void>, stage: Stage = "command"): Promise<void> {
  try {
    await inStage(stage, start);
  } catch (error) {
    const details = isDebugging() ? [inspect(error)] : isUnexplained(error) ? [hint] : [];
    process.stderr.write(`${redact([explain(error), ...details].join("\n"), process.env)}\n`);
    process.exit(1);
  }
}
