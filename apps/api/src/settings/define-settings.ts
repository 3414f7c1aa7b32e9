import type { Wording } from "@jifen/contract";
import { z } from "zod";

/** One environment variable: how its text is parsed, and what the reference says of it. */
type Setting<Schema extends z.ZodType = z.ZodType> = {
  readonly schema: Schema;
  /** The form of the text, such as `whole number, 0 to 65535`. */
  readonly type: Wording;
  /** What applies when the variable is unset; undefined when nothing does. */
  readonly default?: Wording | undefined;
  readonly description: Wording;
  /** The value may also be in the file that `NAME_FILE` names. */
  readonly isSecret?: true;
};

/** The environment variables of one module, by name. */
export type SettingTable = Readonly<Record<string, Setting>>;

type Parsed<Table extends SettingTable> = { [Name in keyof Table]: z.output<Table[Name]["schema"]> };

/** The environment as text: empty variables left out, secrets read from their files. */
export type Environment = Readonly<Record<string, string>>;

/** What the variables of another module decide. */
export type SettingsContext = { readonly isProduction: boolean; readonly workingDirectory: string };

/** The part of the settings that belongs to one module. */
export type ModuleSettings<Result> = {
  readonly variables: SettingTable;
  /** Everything that is wrong with these variables, each with its correction; prints no values. */
  problemsOf(environment: Environment, context: SettingsContext): readonly string[];
  /** The parsed settings. Call it only when `problemsOf` is empty. @throws ZodError */
  read(environment: Environment, context: SettingsContext): Result;
};

/** How a module declares its settings. */
type Declaration<Table extends SettingTable, Result> = {
  readonly variables: Table;
  /** Rules between variables; runs on the text, so that it reports even when another variable does not parse. */
  readonly check?: (environment: Environment, context: SettingsContext) => readonly string[];
  readonly read: (values: Parsed<Table>, context: SettingsContext) => Result;
};

/** Declares the settings of a module: its variables, the rules between them, and the parsed form. */
export function defineSettings<const Table extends SettingTable, Result>({
  variables,
  check = () => [],
  read,
}: Declaration<Table, Result>): ModuleSettings<Result> {
  const schema = z.object(Object.fromEntries(Object.entries(variables).map(([name, each]) => [name, each.schema])));
  return {
    variables,
    problemsOf: (environment, context) => {
      const issues = schema.safeParse(environment).error?.issues ?? [];
      const invalid = issues.map(({ path, message }) => `${path.join(".")} ${message}`);
      return [...invalid, ...check(environment, context)];
    },
    read: (environment, context) => read(schema.parse(environment) as Parsed<Table>, context),
  };
}
