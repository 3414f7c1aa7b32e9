import type { ArgDef, ArgsDef } from "citty";

type OptionType = { readonly type: "string" | "boolean"; readonly short?: string };

/** What a command accepts, as its `args` declare it. */
export type Declared = {
  /** The full name of the command, such as `jifen user create`. */
  readonly path: string;
  /** The shortest complete call, such as `jifen grant EMAIL AMOUNT --reason REASON`. */
  readonly usage: string;
  readonly options: Readonly<Record<string, OptionType>>;
  readonly positionals: readonly string[];
  /** Positional arguments by their name, options with their dashes. */
  readonly required: readonly string[];
  readonly defaults: Readonly<Record<string, string | boolean>>;
};

/** The options of every command. `--lang` takes effect earlier, when the texts are loaded: see language.ts. */
export const sharedOptions = {
  lang: { type: "string" },
  help: { type: "boolean", short: "h" },
  version: { type: "boolean", short: "v" },
} as const satisfies Record<string, OptionType>;

const isPositional = ({ type }: ArgDef) => type === "positional";
const isRequired = ({ type, required, default: fallback }: ArgDef) =>
  fallback === undefined && (type === "positional" ? required !== false : required === true);

/** How a call shows an argument: `EMAIL`, `--reason`. */
export const shownName = (name: string, { positionals }: Pick<Declared, "positionals">): string =>
  positionals.includes(name) ? name.toUpperCase() : `--${name}`;

/** Reads the declaration of a command. */
export function declaredBy(path: string, args: ArgsDef): Declared {
  const entries = Object.entries(args);
  const positionals = entries.filter(([, definition]) => isPositional(definition)).map(([name]) => name);
  const options = entries
    .filter(([, definition]) => !isPositional(definition))
    .map(([name, { type }]) => [name, { type: type === "boolean" ? "boolean" : "string" }] as const);
  const required = entries.filter(([, definition]) => isRequired(definition)).map(([name]) => name);
  const shown = required.map((name) => {
    const text = shownName(name, { positionals });
    return positionals.includes(name) ? text : `${text} ${name.replaceAll("-", "_").toUpperCase()}`;
  });
  return {
    path,
    usage: [path, ...shown].join(" "),
    options: { ...Object.fromEntries(options), ...sharedOptions },
    positionals,
    required,
    defaults: Object.fromEntries(entries.flatMap(([name, { default: is }]) => (is === undefined ? [] : [[name, is]]))),
  };
}
