import { parseArgs } from "node:util";

/** The command line of a benchmark. */
export type Options = {
  /** Seconds of each stretch of load. */
  readonly seconds: number;
  /** How often every stretch is measured; the tables show medians. */
  readonly rounds: number;
  /** How many logs a filled database has. */
  readonly rows: number;
  /** A file for the results as JSON. */
  readonly json: string | undefined;
  /** The folder of a built checkout of a former version, which the `former` part compares with. */
  readonly against: string | undefined;
  /** The names of the parts to run. */
  readonly only: readonly string[];
};

/** A part as the usage shows it. One that `isExtra` runs only when it is named. */
export type PartName = { readonly name: string; readonly says: string; readonly isExtra?: boolean };

const usage = (command: string, parts: readonly PartName[]) => `
pnpm ${command} [--seconds 5] [--rounds 3] [--json results.json] [--only part,part]${parts.some(({ name }) => name === "former") ? " [--against FOLDER]" : ""}${command === "bench:logs" ? " [--rows 10000000]" : ""}${parts.some(({ name }) => name === "big") ? " [--big]" : ""}

${parts.map(({ name, says, isExtra }) => `  ${name.padEnd(10)} ${says}${isExtra ? " (only when named)" : ""}`).join("\n")}
`;

/** Reads the command line. Prints the usage and ends the process for `--help` or invalid options. */
export function parseOptions(command: string, parts: readonly PartName[]): Options {
  const text = (value: string) => ({ type: "string", default: value }) as const;
  const flag = { type: "boolean", default: false } as const;
  try {
    const { values } = parseArgs({
      options: {
        seconds: text("5"),
        rounds: text("3"),
        json: { type: "string" },
        rows: text("10000000"),
        against: { type: "string" },
        only: text(""),
        big: flag,
        help: flag,
      },
    });
    if (!values.help) {
      const only = selectParts(parts, values.only.split(",").filter(Boolean), values.big);
      const [seconds, rounds] = [wholeNumber(values.seconds), wholeNumber(values.rounds)];
      return {
        seconds,
        rounds,
        rows: wholeNumber(values.rows, 100_000_000),
        json: values.json,
        against: values.against,
        only,
      };
    }
    console.log(usage(command, parts));
    process.exit(0);
  } catch (error) {
    console.error(`${error instanceof Error ? error.message : error}\n${usage(command, parts)}`);
    process.exit(1);
  }
}

function selectParts(parts: readonly PartName[], named: readonly string[], big: boolean): readonly string[] {
  const known = parts.map(({ name }) => name);
  const unknown = named.find((name) => !known.includes(name));
  if (unknown !== undefined) throw new RangeError(`"${unknown}" is none of ${known.join(", ")}`);
  const standard = parts.filter(({ isExtra }) => !isExtra).map(({ name }) => name);
  const selected = named.length > 0 ? named : standard;
  return known.filter((name) => selected.includes(name) || (big && name === "big"));
}

function wholeNumber(text: string, max = 9_999): number {
  if (!/^[1-9]\d{0,8}$/.test(text) || Number(text) > max) {
    throw new RangeError(`"${text}" is not a whole number from 1 to ${max}`);
  }
  return Number(text);
}
