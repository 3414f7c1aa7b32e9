import { Databases } from "./databases.ts";
import { type Options, type PartName, parseOptions } from "./options.ts";
import { Report } from "./report/report.ts";

/** What every part works with. */
export type Bench = {
  readonly options: Options;
  readonly report: Report;
  readonly databases: Databases;
  /** Creates something that several parts share, when a part first needs it. */
  once<Value>(name: string, create: () => Promise<Value>): Promise<Value>;
  /** Registers a consistency check, which runs when all parts have been measured. */
  checkAtEnd(check: () => Promise<void>): void;
};

/** Something that can be measured by itself. */
export type Part = PartName & { run(bench: Bench): Promise<void> };

/** Runs the selected parts one after another. The process ends with 1 if there are findings. */
export async function runCommand(name: string, parts: readonly Part[]): Promise<void> {
  const options = parseOptions(name, parts);
  const report = new Report();
  const databases = new Databases(report);
  process.once("SIGINT", () => void databases.drop().finally(() => process.exit(130)));
  const checks: (() => Promise<void>)[] = [];
  const shared = new Map<string, Promise<unknown>>();
  const once: Bench["once"] = <Value>(key: string, create: () => Promise<Value>) => {
    const value = shared.get(key) ?? create();
    shared.set(key, value);
    return value as Promise<Value>;
  };
  try {
    for (const part of parts.filter((each) => options.only.includes(each.name))) {
      report.progress(`\n${part.name}: ${part.says}`);
      await part.run({ options, report, databases, once, checkAtEnd: (check) => checks.push(check) });
    }
    report.progress("\nchecking the databases");
    for (const check of checks) await check();
    if (!report.finish(options)) process.exitCode = 1;
  } finally {
    await databases.drop();
  }
}
