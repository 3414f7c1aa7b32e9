import { REDACTED, type Redacted } from "./redacted.ts";

const BEGIN = /-----BEGIN [A-Z0-9 ]{1,64}-----/g;
const [END, DASHES] = ["-----END ", "-----"];

/** Where the block ends whose body starts at `from`. A block without an end takes the rest of the text. */
function endOfBlock(text: string, from: number): number {
  const end = text.indexOf(END, from);
  const close = end < 0 ? -1 : text.indexOf(DASHES, end + END.length);
  return close < 0 ? text.length : close + DASHES.length;
}

/** Redacts keys and certificates in PEM; undefined when there are none. */
export function redactKeyBlocks(text: string): Redacted<string> | undefined {
  if (!text.includes("-----BEGIN ")) return undefined;
  const kept: string[] = [];
  let position = 0;
  BEGIN.lastIndex = 0;
  for (let begin = BEGIN.exec(text); begin; begin = BEGIN.exec(text)) {
    kept.push(text.slice(position, begin.index));
    position = endOfBlock(text, BEGIN.lastIndex);
    BEGIN.lastIndex = position;
  }
  if (kept.length === 0) return undefined;
  kept.push(text.slice(position));
  return { value: kept.join(REDACTED), places: kept.length - 1 };
}
