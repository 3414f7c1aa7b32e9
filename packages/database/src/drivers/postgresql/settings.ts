import { UnsupportedDatabaseUrl } from "../../url/unsupported-url.ts";

/** A setting of a session: its name and its value. */
export type Setting = readonly [name: string, value: string];

/** What the parameter `options` of a URL asks for. */
type Options = {
  readonly settings: readonly Setting[];
  /** The search path, as it is written; undefined when there is none. */
  readonly searchPath: string | undefined;
  /** What is no setting, such as `endpoint=…`, which Neon reads: it is sent when a connection starts. */
  readonly others: string;
};

/** Settings that Jifen chooses: a value in the URL would have no effect, or take a guarantee away. */
const chosen = new Set([
  ...["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout", "client_min_messages"],
  ...["plan_cache_mode", "enable_seqscan", "enable_bitmapscan", "enable_hashjoin", "enable_mergejoin"],
  ...["enable_sort", "enable_incremental_sort", "max_parallel_workers_per_gather", "jit"],
  ...["default_transaction_isolation", "standard_conforming_strings"],
]);

/** Separates at white space; a backslash takes the next character as it is. */
const wordsOf = (options: string): readonly string[] =>
  (options.match(/(?:\\.|[^\s\\])+/gs) ?? []).map((word) => word.replaceAll(/\\(.)/gs, "$1"));

/** Reads the command-line options of a session (`-c name=value`). @throws UnsupportedDatabaseUrl */
export function parseOptions(options: string): Options {
  const settings: Setting[] = [];
  const others: string[] = [];
  const words = wordsOf(options);
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? "";
    const assigned = word === "-c" ? (words[++at] ?? "") : /^(?:-c|--)(?<rest>.+)$/s.exec(word)?.groups?.["rest"];
    const setting = /^(?<name>[\w.-]+)=(?<value>.*)$/s.exec(assigned ?? "")?.groups;
    if (assigned === undefined) others.push(word);
    else if (setting === undefined) throw new UnsupportedDatabaseUrl("has options that are not -c name=value");
    else settings.push([(setting["name"] ?? "").replaceAll("-", "_").toLowerCase(), setting["value"] ?? ""]);
  }
  const refused = settings.find(([name]) => chosen.has(name));
  if (refused) throw new UnsupportedDatabaseUrl(`sets ${refused[0]} in options, which Jifen chooses itself: remove it`);
  return {
    settings: settings.filter(([name]) => name !== "search_path"),
    searchPath: settings.findLast(([name]) => name === "search_path")?.[1],
    others: others.join(" "),
  };
}

/** A name as part of a statement. */
export const quoteName = (name: string): string => `"${name.replaceAll('"', '""')}"`;

/** A text as part of a statement. */
const quoteText = (text: string): string =>
  text.includes("\\") ? ` E'${text.replaceAll(/['\\]/g, "$&$&")}'` : `'${text.replaceAll("'", "''")}'`;

/** The value of a setting as part of SET. A search path is a list of names. */
const settingValue = ([name, value]: Setting): string => (name === "search_path" ? value : quoteText(value));

/** The settings as statements. @param scope `LOCAL`: until the end of the transaction */
export const setStatements = (scope: "LOCAL" | "SESSION", settings: readonly Setting[]): string =>
  settings
    .map((setting) => `SET ${scope} ${setting[0].split(".").map(quoteName).join(".")} = ${settingValue(setting)}`)
    .join("; ");

/** The settings as options of a new connection. */
export const startupOptions = (settings: readonly Setting[]): string =>
  settings.map(([name, value]) => `-c ${name}=${value.replaceAll(/[\\\s]/g, "\\$&")}`).join(" ");
