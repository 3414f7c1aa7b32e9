import { parseArgs } from "node:util";

/** The command line of a benchmark. */
export type Options = {
  /** Seconds of each stretch of load. */
  readonly seconds: number;
  /** How often every stretch is measured; the tables show medians. */
  readonly rounds: number;
  /** A file for the results as JSON. */
  readonly json: string | undefined;
  /** The names of the parts to run. */
  readonly only: readonly string[];
};

/** A part as the usage shows it. */
export type PartName = {
  readonly name: string;
  readonly says: string;
  /** Runs only when `--only` names it, or with a flag of its name. */
  readonly isExtra?: boolean;
};

const usage = (command: string, parts: readonly PartName[]) => `pnpm ${command} [--seconds 5] [--rounds 3] \
[--json results.json] [--only ${parts.map(({ name }) => name).join(",")}]

  --seconds  seconds of each stretch of load
  --rounds   how often every stretch is measured; the tables show medians
  --json     a file for the results
  --only     some parts instead of all
  --big      the part "big" as well, which takes minutes by itself

${parts.map(({ name, says, isExtra }) => `  ${name.padEnd(10)} ${says}${isExtra ? " (only when named)" : ""}`).join("\n")}
`;

/** Reads the command line. Prints the usage and ends the process for `--help` or invalid options. */
export function parseOptions(command: string, parts: readonly PartName[]): Options {
  const exitWithUsage = (exitCode: number): never => {
    console.log(usage(command, parts));
    process.exit(exitCode);
  };
  try {
    const { values } = parseArgs({
      args: process.argv.slice(2),
      options: {
        seconds: { type: "string", default: "5" },
        rounds: { type: "string", default: "3" },
        json: { type: "string" },
        only: { type: "string" },
        big: { type: "boolean", default: false },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return exitWithUsage(0);
    return {
      seconds: parseWholeNumber(values.seconds),
      rounds: parseWholeNumber(values.rounds),
      json: values.json,
      only: selectParts(parts, values.only, values.big),
    };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return exitWithUsage(1);
  }
}

function selectParts(parts: readonly PartName[], only: string | undefined, big: boolean): readonly string[] {
  const known = parts.map(({ name }) => name);
  const names = only?.split(",") ?? parts.filter(({ isExtra }) => !isExtra).map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RangeError(`"${unknown}" is none of ${known.join(", ")}`);
  return known.filter((name) => names.includes(name) || (big && name === "big"));
}

function parseWholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new RangeError(`"${text}" is not a whole number from 1 to 9999`);
  return Number(text);
}
