import { isEscaped } from "../is-escaped.ts";

const QUOTE = 0x22;
const COMMA = 0x2c;
const COLON = 0x3a;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** A list or an object that is open at a place of the text. */
type Container = {
  /** The names of an object so far; undefined for a list. */
  readonly names: Set<string> | undefined;
  /** The name of the current member, or the index of the current element. */
  at: string | number;
};

/**
 * The dotted path of the first member that occurs twice in one object of a JSON text; undefined when there is none.
 * `JSON.parse` keeps the last of the two, other parsers the first: a proxy and this server would read different requests.
 * Linear time, without recursion. For a text that is not JSON the result has no meaning: `JSON.parse` refuses the text.
 */
export function findRepeatedMember(text: string): string | undefined {
  const open: Container[] = [];
  let innermost: Container | undefined;
  let [start, end] = [0, 0];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    switch (code) {
      case QUOTE:
        [start, end] = [index, endOfString(text, index)];
        index = end;
        break;
      case COLON: {
        if (!innermost?.names) break;
        const name = nameOf(text.slice(start + 1, end));
        innermost.at = name;
        if (innermost.names.has(name)) return open.map(({ at }) => at).join(".");
        innermost.names.add(name);
        break;
      }
      case COMMA:
        if (innermost && !innermost.names) innermost.at = Number(innermost.at) + 1;
        break;
      case OPEN_OBJECT:
      case OPEN_LIST:
        innermost = { names: code === OPEN_OBJECT ? new Set() : undefined, at: 0 };
        open.push(innermost);
        break;
      case CLOSE_OBJECT:
      case CLOSE_LIST:
        open.pop();
        innermost = open.at(-1);
        break;
    }
  }
  return undefined;
}

/** The index of the quote that ends the string that begins at `start`; the end of the text when there is none. */
function endOfString(text: string, start: number): number {
  let end = text.indexOf('"', start + 1);
  while (end !== -1 && isEscaped(text, end)) end = text.indexOf('"', end + 1);
  return end === -1 ? text.length : end;
}

/** The name that a JSON string stands for: `"\u0061"` is `a`. */
function nameOf(encoded: string): string {
  if (!encoded.includes("\\")) return encoded;
  try {
    return JSON.parse(`"${encoded}"`) as string;
  } catch {
    return encoded;
  }
}
