/** The characters of an extended value that need no encoding (RFC 8187, section 3.2.1), among those that URIs leave as they are. */
const encodeExtended = (text: string): string =>
  encodeURIComponent(text).replaceAll(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);

/**
 * Content-Disposition of a file to save (RFC 6266). A name beyond ASCII is there twice: for clients that read only the plain
 * form, each of its characters is an underscore.
 */
export function attachment(fileName: string): string {
  const plain = fileName.replaceAll(/[^ -~]|["\\%/]/gu, "_");
  const extended = plain === fileName ? "" : `; filename*=UTF-8''${encodeExtended(fileName)}`;
  return `attachment; filename="${plain}"${extended}`;
}
