/** An export or import cannot go on. The message says why and how to correct it, in both languages. */
export class TransferError extends Error {
  override name = "TransferError";
}
