import type { FilePart } from "./export-job.ts";

/** A part is sent when it has this many bytes. A row of the largest details makes it some 130 KB larger. */
const PART_BYTES = 262_144;

const encoder = new TextEncoder();

/** What a part begins with, its rows, and how one is written. */
type Rows<Row> = {
  readonly head?: string;
  readonly rows: readonly Row[];
  readonly format: (row: Row) => string;
};

/**
 * Writes rows in parts of bounded size, none for no text. Each row is encoded on its own: until then a text with many
 * quotation marks is a tree of its pieces, 64 bytes for each mark, and the trees of a whole page do not fit into the
 * memory of the thread.
 */
export function* toParts<Row>({ head = "", rows, format }: Rows<Row>): Generator<FilePart> {
  let pieces = head === "" ? [] : [encoder.encode(head)];
  let [bytes, count] = [pieces[0]?.length ?? 0, 0];
  for (const row of rows) {
    const piece = encoder.encode(format(row));
    pieces.push(piece);
    bytes += piece.length;
    count += 1;
    if (bytes < PART_BYTES) continue;
    yield { bytes: join(pieces, bytes), rows: count };
    pieces = [];
    [bytes, count] = [0, 0];
  }
  if (bytes > 0) yield { bytes: join(pieces, bytes), rows: count };
}

/** The part that has only this text. */
export const textPart = (text: string): FilePart => ({ bytes: encoder.encode(text), rows: 0 });

/** In a buffer of its own, which can be moved to another thread. */
function join(pieces: readonly Uint8Array[], bytes: number): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(bytes);
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
