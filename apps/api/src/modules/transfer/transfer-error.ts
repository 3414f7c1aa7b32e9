/** Nothing more is moved, and the message says why and what to do, in both languages. */
export class TransferError extends Error {
  override name = "MoveRefused";
}
