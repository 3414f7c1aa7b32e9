import { createHash } from "node:crypto";
import type { Redacted } from "./redacted.ts";
import { replaceMatches } from "./replace-matches.ts";

/** Shorter data stays: it is no burden, and can be an id. */
const MAX_CHARACTERS = 1_024;

const BASE64 = String.raw`[\w+/-]`;
/** In lines of 60 to 80 characters, as MIME and PEM have them, or without line breaks. */
const BASE64_TEXT = String.raw`(?:(?:${BASE64}{60,80}\r?\n)+${BASE64}{0,80}(?!${BASE64})|${BASE64}{${MAX_CHARACTERS + 1},})={0,2}`;

/** Each part is bounded, or followed by a character that it cannot contain: the time is linear in the length of the text. */
const ENCODED = new RegExp(
  [
    String.raw`(?<![\w-])data:(?<type>[\w.+-]{1,64}/[\w.+-]{1,64})?(?:;[\w.+-]{1,32}=[\w.+-]{1,64}){0,4}` +
      String.raw`(?:;base64,(?<inUri>${BASE64_TEXT})|,(?<characters>[\w!#$%&*+,./:;=?@~-]{${MAX_CHARACTERS + 1},}))`,
    String.raw`(?<![\w+/-])(?<bare>${BASE64_TEXT})`,
  ].join("|"),
  "g",
);

/** A sequence of letters of a protein, or a ruler of dashes, is no base64: that of real data has all of these. */
const isBase64 = (text: string): boolean => /[a-z]/.test(text) && /[A-Z]/.test(text) && /\d/.test(text);

const percentDecoded = (text: string): Buffer =>
  Buffer.from(
    text.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    "latin1",
  );

const count = new Intl.NumberFormat("en");

/** Such as `[base64 image/png 48,213 bytes sha256:…]`. */
function toDescription(kind: string, data: Buffer): string {
  const sha256 = createHash("sha256").update(data).digest("hex");
  return `[${kind} ${count.format(data.length)} bytes sha256:${sha256}]`;
}

/** Replaces data URIs and base64 of more than 1 KB by their type, size and SHA-256; undefined when there are none. */
export function redactEncodedData(text: string): Redacted<string> | undefined {
  if (text.length <= MAX_CHARACTERS) return undefined;
  return replaceMatches(text, ENCODED, ({ type = "text/plain", inUri, bare, characters }) => {
    if (characters !== undefined) return toDescription(`data ${type}`, percentDecoded(characters));
    const encoded = inUri ?? bare ?? "";
    if (encoded.length <= MAX_CHARACTERS || (inUri === undefined && !isBase64(encoded))) return undefined;
    return toDescription(inUri === undefined ? "base64" : `base64 ${type}`, Buffer.from(encoded, "base64"));
  });
}
