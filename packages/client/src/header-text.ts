/** Text for a header, percent-encoded beyond ASCII (RFC 8187): `fetch` refuses most other text. */
export const encodeHeaderText = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? text : `UTF-8''${encodeURIComponent(text)}`;
