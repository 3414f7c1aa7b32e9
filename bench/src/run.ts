import { type Databases, openDatabases } from "./databases.ts";
import { type Options, type PartName, parseOptions } from "./options.ts";
import { Report } from "./report/report.ts";

/** What every part is given. */
export type Bench = { readonly options: Options; readonly databases: Databases; readonly report: Report };

/** Something that can be measured by itself. */
export type Part<Stage> = PartName & { run(stage: Stage): Promise<void> };

/** A command: its parts, and what they all stand on. */
type Command<Stage> = {
  readonly name: string;
  readonly parts: readonly Part<Stage>[];
  readonly prepare: (bench: Bench) => Promise<Stage>;
};

/** Runs the parts that were asked for, one after another, and ends the process with 1 when something was wrong. */
export async function runCommand<Stage>({ name, parts, prepare }: Command<Stage>): Promise<void> {
  const options = parseOptions(name, parts);
  const databases = await openDatabases();
  process.once("SIGINT", () => void databases.drop().finally(() => process.exit(130)));
  const report = new Report();
  try {
    for (const remark of databases.remarks) report.remark(remark);
    const stage = await prepare({ options, databases, report });
    report.progress("letting PostgreSQL settle");
    await databases.postgresql?.settle();
    for (const part of parts.filter((each) => options.only.includes(each.name))) {
      report.progress(`\n${part.name}: ${part.says}`);
      await part.run(stage);
    }
    const pgbench = databases.postgresql?.pgbench;
    for (const finding of (await pgbench?.audit()) ?? []) report.finding(finding);
    if (!report.finish(options)) process.exitCode = 1;
  } finally {
    await databases.drop();
  }
}

/** The numbers of the rounds, from 1. */
export const roundsOf = ({ rounds }: Options): readonly number[] => Array.from({ length: rounds }, (_, at) => at + 1);
