/**
 * Decodes base64url in its one canonical form (RFC 4648, sections 3.5 and 5); undefined for every other text. Decoders
 * ignore padding, white space, the other alphabet and stray bits of the last character: without this check two texts would
 * be the same credential, and ending one of them would not end the other.
 */
export function decodeBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64url");
  return bytes.toString("base64url") === text ? bytes : undefined;
}

/** The same for UTF-8 text; undefined also for bytes that are not UTF-8. */
export function decodeBase64urlText(encoded: string): string | undefined {
  const bytes = decodeBase64url(encoded);
  const text = bytes?.toString("utf8");
  return text !== undefined && encodeBase64url(text) === encoded ? text : undefined;
}

/** Encodes text in UTF-8 as base64url. */
export const encodeBase64url = (text: string): string => Buffer.from(text).toString("base64url");

/** Whether a text is this many parts of canonical base64url, separated by dots, as the compact form of JWS and JWE. */
export function isCompactToken(text: string, parts: number): boolean {
  const split = text.split(".", parts + 1);
  return split.length === parts && split.every((part) => decodeBase64url(part) !== undefined);
}
