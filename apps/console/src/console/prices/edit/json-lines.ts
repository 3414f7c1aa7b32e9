const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],:]|[^\s"{}[\],:]+/g;

type Token = { readonly text: string; readonly at: number };

/** The line of a place in a text, from 1. */
export const lineAt = (text: string, at: number): number => text.slice(0, at).split("\n").length;

/**
 * The line of a field in a valid JSON text, from 1. For a field that is missing it is the line of what should have it.
 * @param path dotted, such as `actions.0.rows.1.per`
 */
export function lineOf(text: string, path: string): number {
  const tokens = [...text.matchAll(TOKEN)].map((match): Token => ({ text: match[0], at: match.index }));
  let value = 0;
  for (const name of path === "" ? [] : path.split(".")) {
    const child = childOf(tokens, value, name);
    if (child === undefined) break;
    value = child;
  }
  return lineAt(text, tokens[value]?.at ?? 0);
}

/** Where the value of a member begins, of the object or the list that begins at a token. */
function childOf(tokens: readonly Token[], parent: number, name: string): number | undefined {
  const isList = tokens[parent]?.text === "[";
  if (!isList && tokens[parent]?.text !== "{") return undefined;
  let at = parent + 1;
  for (let number = 0; at < tokens.length && !/^[\]}]$/.test(tokens[at]?.text ?? ""); number += 1) {
    const member = isList ? String(number) : (JSON.parse(tokens[at]?.text ?? '""') as string);
    if (!isList) at += 2;
    if (member === name) return at;
    at = endOf(tokens, at);
    if (tokens[at]?.text === ",") at += 1;
  }
  return undefined;
}

/** The token after a value. */
function endOf(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let at = from; at < tokens.length; at += 1) {
    const { text } = tokens[at] ?? { text: "" };
    if (text === "{" || text === "[") depth += 1;
    if (text === "}" || text === "]") depth -= 1;
    if (depth === 0) return at + 1;
  }
  return tokens.length;
}
