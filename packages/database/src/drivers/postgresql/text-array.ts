/** The identifier of the type `text`, which is the same in every database. */
const TEXT_OID = 25;
const HEADER_BYTES = 20;
const LENGTH_BYTES = 4;
/** Of a UTF-16 code unit in UTF-8. */
const MAX_BYTES = 3;
const NULL_LENGTH = -1;

/**
 * An array of texts in PostgreSQL's binary format: dimensions, a flag for nulls, the type, the size and the lower bound, then the
 * length and the bytes of each element. In the text format, JSON has a character to escape in every second word, which takes
 * longer than everything else that the process does with a batch of logs.
 */
export function textArray(texts: readonly (string | null)[]): Buffer {
  const maxBytes = texts.reduce((sum, text) => sum + LENGTH_BYTES + MAX_BYTES * (text?.length ?? 0), HEADER_BYTES);
  const bytes = Buffer.allocUnsafe(maxBytes);
  let end = 0;
  for (const number of [1, 1, TEXT_OID, texts.length, 1]) end = bytes.writeInt32BE(number, end);
  for (const text of texts) {
    const begin = end + LENGTH_BYTES;
    const written = text === null ? 0 : bytes.write(text, begin);
    bytes.writeInt32BE(text === null ? NULL_LENGTH : written, end);
    end = begin + written;
  }
  return bytes.subarray(0, end);
}
