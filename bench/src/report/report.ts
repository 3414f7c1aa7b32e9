import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Options } from "../options.ts";
import { type MeasuredTarget, type Result, reached, verdictOn } from "./results.ts";
import { resultTables, targetTable } from "./tables.ts";

/** The output of a run. Progress goes to standard error, so that the tables can be redirected. */
export class Report {
  readonly results: Result[] = [];
  readonly targets: MeasuredTarget[] = [];
  readonly #remarks: string[] = [];
  readonly #findings: string[] = [];

  progress(sentence: string): void {
    console.error(sentence);
  }

  /** Keeps a sentence that explains the numbers. */
  remark(sentence: string): void {
    this.progress(`  ${sentence}`);
    this.#remarks.push(sentence);
  }

  /** Keeps an error: an unexpected answer, or a database that does not agree with the answers. */
  finding(sentence: string): void {
    this.progress(`  ERROR: ${sentence}`);
    this.#findings.push(sentence);
  }

  /** Prints the tables and writes the JSON file. @returns whether there are no findings */
  finish(options: Options): boolean {
    const machine = [`Node ${process.versions.node}`, `${availableParallelism()} cores`];
    const [remarks, findings, results] = [this.#remarks, this.#findings, this.results];
    if (options.json) {
      const targets = this.targets.map((each) => ({ ...each, reached: reached(each), verdict: verdictOn(each) }));
      const everything = { machine, options, targets, results, remarks, findings };
      writeFileSync(options.json, `${JSON.stringify(everything, null, 2)}\n`);
    }
    console.log(`\n${resultTables(results)}`);
    console.log([...machine, ...remarks].map((line) => `- ${line}`).join("\n"));
    console.log(`\nMedians of ${options.rounds} rounds, ${options.seconds} seconds each. \
Load, servers and databases share the machine.\n`);
    console.log(`${targetTable(this.targets)}\n`);
    console.log(
      findings.length === 0
        ? "Every answer was as expected, and the databases agree with the answers."
        : `ERRORS:\n${findings.map((finding) => `  - ${finding}`).join("\n")}`,
    );
    return findings.length === 0;
  }
}
