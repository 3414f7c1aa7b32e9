import { formatNumber } from "../../../ui/format.ts";
import type { PricesTexts } from "../words.ts";
import { lineAt } from "./json-lines.ts";

/** What a text is: an object, or what is wrong with it. */
export type Read = { readonly document: Record<string, never> } | { readonly problem: string };

/** Reads the JSON text of a catalogue. The server checks the rest. */
export function readDocument(words: PricesTexts, text: string): Read {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== "object" || value === null || Array.isArray(value)) return { problem: words.notObject };
    return { document: value as Record<string, never> };
  } catch (error) {
    const { message } = error as SyntaxError;
    const [, position] = /position (\d+)/.exec(message) ?? [];
    if (position === undefined) return { problem: words.syntax(message) };
    return { problem: words.syntaxAt(formatNumber(lineAt(text, Number(position))), message) };
  }
}
