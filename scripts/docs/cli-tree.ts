/** Prints the commands of `jifen` as JSON, in the language of `--lang`. The command modules read it when they are loaded. */
import { jifen } from "../../apps/api/src/cli/commands.ts";

type Resolvable<Value> = Value | Promise<Value> | (() => Value | Promise<Value>);
type Argument = {
  readonly type?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly required?: boolean;
  readonly valueHint?: string;
};
type Definition = {
  readonly meta?: Resolvable<{ readonly description?: string }>;
  readonly args?: Resolvable<Readonly<Record<string, Argument>>>;
  readonly subCommands?: Resolvable<Readonly<Record<string, Resolvable<Definition>>>>;
};

/** A command and the commands below it. */
export type CommandTree = {
  readonly name: string;
  readonly description: string;
  readonly args: readonly (Argument & { readonly name: string })[];
  readonly commands: readonly CommandTree[];
};

const resolve = async <Value>(value: Resolvable<Value>): Promise<Value> =>
  typeof value === "function" ? (value as () => Value | Promise<Value>)() : value;

async function treeOf(name: string, definition: Definition): Promise<CommandTree> {
  const { description = "" } = (await resolve(definition.meta)) ?? {};
  const args = Object.entries((await resolve(definition.args)) ?? {});
  const below = Object.entries((await resolve(definition.subCommands)) ?? {});
  const commands: CommandTree[] = [];
  for (const [key, value] of below) commands.push(await treeOf(`${name} ${key}`, await resolve(value)));
  return { name, description, args: args.map(([key, argument]) => ({ name: key, ...argument })), commands };
}

process.stdout.write(JSON.stringify(await treeOf("jifen", jifen as Definition)));
