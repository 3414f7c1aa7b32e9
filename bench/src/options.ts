import { parseArgs } from "node:util";

/** How long to measure, and where to write the numbers. */
export type Options = {
  /** Of each stretch of load. */
  readonly seconds: number;
  /** How often everything is measured; the table shows medians. */
  readonly rounds: number;
  /** A file for the results as JSON. */
  readonly json: string | undefined;
};

const usage = `pnpm bench [--seconds 5] [--rounds 3] [--json results.json]

  --seconds  how long each stretch of load lasts
  --rounds   how often everything is measured; the table shows medians
  --json     a file to write the results to
`;

/** Reads the command line; explains itself and ends the process when that is asked for or wrong. */
export function parseOptions(args: readonly string[]): Options {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        seconds: { type: "string", default: "5" },
        rounds: { type: "string", default: "3" },
        json: { type: "string" },
        help: { type: "boolean", default: false },
      },
    });
    if (values.help) return explain(0);
    return { seconds: wholeNumber(values.seconds), rounds: wholeNumber(values.rounds), json: values.json };
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return explain(1);
  }
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,3}$/.test(text)) throw new RangeError(`"${text}" is not a whole number from 1 to 9999`);
  return Number(text);
}

function explain(exitCode: number): never {
  console.log(usage);
  process.exit(exitCode);
}
