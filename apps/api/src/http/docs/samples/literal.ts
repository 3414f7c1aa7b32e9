/** How a language writes literals. */
type Syntax = {
  readonly object: readonly [open: string, close: string];
  readonly list: readonly [open: string, close: string];
  readonly member: (name: string, value: string) => string;
  readonly text: (text: string) => string;
  readonly word: (value: boolean | null) => string;
};

const quoted = (text: string): string => JSON.stringify(text);

/** JSON, as curl sends it. */
export const jsonSyntax: Syntax = {
  object: ["{ ", " }"],
  list: ["[", "]"],
  member: (name, value) => `${quoted(name)}: ${value}`,
  text: quoted,
  word: String,
};

/** An object literal of TypeScript. */
export const typescriptSyntax: Syntax = {
  ...jsonSyntax,
  member: (name, value) => `${/^[A-Za-z_]\w*$/.test(name) ? name : quoted(name)}: ${value}`,
};

/** A dict of Python. */
export const pythonSyntax: Syntax = {
  ...jsonSyntax,
  object: ["{", "}"],
  word: (value) => (value === null ? "None" : value ? "True" : "False"),
};

/** An array of PHP. */
export const phpSyntax: Syntax = {
  object: ["[", "]"],
  list: ["[", "]"],
  member: (name, value) => `${phpText(name)} => ${value}`,
  text: (text) => phpText(text),
  word: String,
};

const phpText = (text: string): string => `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;

/** A longer value is written on several lines. */
const MAX_LINE = 88;

/** Writes a JSON value as a literal, on one line where it is short. */
export function literal(value: unknown, syntax: Syntax, indent = ""): string {
  if (typeof value === "string") return syntax.text(value);
  if (typeof value === "number") return String(value);
  if (typeof value !== "object" || value === null) return syntax.word(value as boolean | null);
  const parts = partsOf(value, syntax, `${indent}  `);
  const [open, close] = Array.isArray(value) ? syntax.list : syntax.object;
  if (parts.length === 0) return `${open.trim()}${close.trim()}`;
  const line = `${open}${parts.join(", ")}${close}`;
  if (line.length + indent.length <= MAX_LINE && !line.includes("\n")) return line;
  return `${open.trim()}\n${parts.map((part) => `${indent}  ${part}`).join(",\n")}\n${indent}${close.trim()}`;
}

const partsOf = (value: object, syntax: Syntax, indent: string): readonly string[] =>
  Array.isArray(value)
    ? value.map((each) => literal(each, syntax, indent))
    : Object.entries(value).map(([name, each]) => syntax.member(name, literal(each, syntax, indent)));
