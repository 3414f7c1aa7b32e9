import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import type { Options } from "../options.ts";
import type { Measurement, Ratios, Situation, Speed } from "./measurement.ts";
import { summarise } from "./results.ts";
import { tablesOf, targetTableOf } from "./tables.ts";
import { type Claim, reached, verdictOn } from "./target.ts";

/** Everything that a run has to say; what happens meanwhile goes to standard error, so that the tables can be redirected. */
export class Report {
  readonly #measurements: Measurement[] = [];
  readonly #claims: Claim[] = [];
  readonly #remarks: string[] = [];
  readonly #findings: string[] = [];

  /** Says what is being done. */
  progress(what: string): void {
    console.error(what);
  }

  /** Keeps a stretch of load. */
  measured(situation: Situation, { ratePerSecond, p50Ms, p99Ms }: Speed, ratios: Ratios = {}): void {
    const { part, round, subject, what, spread, atOnce } = situation;
    this.progress(
      `  ${part}, round ${round}: ${subject}, ${what}, ${spread}, ${atOnce} at once: ${ratePerSecond.toFixed(0)}/s`,
    );
    this.#measurements.push({ ...situation, ratePerSecond, p50Ms, p99Ms, ratios });
  }

  /** Opens a sentence, in the order of the table; the part adds a ratio in each round. */
  claim(of: Omit<Claim, "ratios">): Claim {
    const claim = { ...of, ratios: [] };
    this.#claims.push(claim);
    return claim;
  }

  /** Keeps something that is worth knowing. */
  remark(sentence: string): void {
    this.progress(`  ${sentence}`);
    this.#remarks.push(sentence);
  }

  /** Keeps something that is wrong: an answer or a book. */
  finding(sentence: string): void {
    this.progress(`  NOT AS IT SHOULD BE: ${sentence}`);
    this.#findings.push(sentence);
  }

  /** Prints the tables and writes the file. @returns whether nothing was wrong */
  finish(options: Options): boolean {
    const results = summarise(this.#measurements);
    const machine = [`Node ${process.versions.node}`, `${availableParallelism()} cores`];
    const [remarks, findings] = [this.#remarks, this.#findings];
    if (options.json) {
      const targets = this.#claims.map((claim) => ({ ...claim, reached: reached(claim), verdict: verdictOn(claim) }));
      const everything = { machine, options, targets, results, remarks, findings };
      writeFileSync(options.json, `${JSON.stringify(everything, null, 2)}\n`);
    }
    console.log(`\n${tablesOf(results)}`);
    console.log([...machine, ...remarks].map((line) => `- ${line}`).join("\n"));
    console.log(
      `\nMedians, rounds: ${options.rounds}, seconds each: ${options.seconds}. Load, servers and databases share the machine.\n`,
    );
    console.log(`${targetTableOf(this.#claims)}\n`);
    console.log(
      findings.length === 0
        ? "Every answer was as it should be, and the books agree with the answers."
        : `NOT AS IT SHOULD BE:\n${findings.map((finding) => `  - ${finding}`).join("\n")}`,
    );
    return findings.length === 0;
  }
}
