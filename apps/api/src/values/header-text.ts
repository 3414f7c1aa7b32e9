const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes an address in a header: `UTF-8''` and percent-encoded text (RFC 8187), bytes of UTF-8, or Latin-1, as which Node
 * reads headers. Text with `@` is never percent-encoded, so no address is read as another one.
 */
export function decodeHeaderText(value: string): string {
  if (/^[\x20-\x7e]*$/.test(value) && !/^utf-8'/i.test(value)) return value;
  const { encoded } = /^utf-8'[^']*'(?<encoded>[^@]*)$/i.exec(value)?.groups ?? {};
  try {
    return encoded === undefined ? utf8.decode(Buffer.from(value, "latin1")) : decodeURIComponent(encoded);
  } catch {
    return value;
  }
}
