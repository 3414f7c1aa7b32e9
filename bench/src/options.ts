import { parseArgs } from "node:util";

/** What to measure, how long, and where to write the numbers. */
export type Options = {
  /** Of each stretch of load. */
  readonly seconds: number;
  /** How often everything is measured; the tables show medians. */
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
  /** Runs only when it is asked for by name, or by a flag of its name. */
  readonly isLong?: boolean;
};

const usage = (command: string, parts: readonly PartName[]) => `pnpm ${command} [--seconds 5] [--rounds 3] \
[--json results.json] [--only ${parts.map(({ name }) => name).join(",")}]${parts.some(isLong) ? " [--big]" : ""}

  --seconds  how long each stretch of load lasts
  --rounds   how often everything is measured; the tables show medians
  --json     a file to write the results to
  --only     some parts instead of all${parts.filter(isLong).map(({ name }) => `\n  --${name}      the part "${name}" as well, which takes minutes by itself`)}

${parts.map(({ name, says }) => `  ${name.padEnd(10)} ${says}`).join("\n")}
`;

const isLong = (part: PartName): boolean => part.isLong === true;

/** Reads the command line; explains itself and ends the process when that is asked for or wrong. */
export function parseOptions(command: string, parts: readonly PartName[]): Options {
  const explain = (exitCode: number): never => {
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
    if (values.help) return explain(0);
    return {
      seconds: wholeNumber(values.seconds),
      rounds: wholeNumber(values.rounds),
      json: values.json,
      only: chosen(parts, values.only, values.big),
    };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return explain(1);
  }
}

function chosen(parts: readonly PartName[], only: string | undefined, big: boolean): readonly string[] {
  const known = parts.map(({ name }) => name);
  const names = only?.split(",") ?? parts.filter((part) => !isLong(part)).map(({ name }) => name);
  const unknown = names.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RangeError(`"${unknown}" is none of ${known.join(", ")}`);
  return known.filter((name) => names.includes(name) || (big && name === "big"));
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new RangeError(`"${text}" is not a whole number from 1 to 9999`);
  return Number(text);
}
