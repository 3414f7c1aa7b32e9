import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";

/** The effect of a statement whose connection was lost; undefined for any other error. */
export type ConnectionLoss = "without effect" | "broken" | undefined;

/**
 * Converts a connection loss to an infrastructure error. A read, or a statement of a transaction that is not yet committed,
 * has written nothing; a statement that commits by itself may have.
 * @throws DatabaseUnavailable, OutcomeUnknown, or the error itself
 */
export const rethrowBy =
  (lossOf: (error: unknown) => ConnectionLoss) =>
  (effect: "nothing written" | "may be written") =>
  (error: unknown): never => {
    const loss = lossOf(error);
    if (loss === undefined) throw error;
    if (loss === "broken" && effect === "may be written") {
      throw new OutcomeUnknown("the connection was lost while a write was in flight", { cause: error });
    }
    throw new DatabaseUnavailable("the database cannot be reached, or refused the statement", { cause: error });
  };
