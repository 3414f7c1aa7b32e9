import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";

/** What became of a statement whose connection failed; undefined when the error is about something else. */
export type ConnectionLoss = "without effect" | "broken" | undefined;

/**
 * Rethrows what the caller can act on. A statement that only reads, or sits in a transaction not yet
 * committed, has written nothing when the connection breaks; one that commits by itself may have.
 * @throws DatabaseUnavailable, OutcomeUnknown, or the error itself
 */
export const rethrowBy =
  (lossOf: (error: unknown) => ConnectionLoss) =>
  (effect: "nothing written" | "may be written") =>
  (error: unknown): never => {
    const loss = lossOf(error);
    if (loss === undefined) throw error;
    if (loss === "broken" && effect === "may be written") {
      throw new OutcomeUnknown("the connection broke while a write was on its way", { cause: error });
    }
    throw new DatabaseUnavailable("the database cannot be reached", { cause: error });
  };
