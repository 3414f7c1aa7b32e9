import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";

/** An error as data: between threads, an error keeps neither its class nor its code. */
export type ThrownError = {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  /** The result code of SQLite or of the operating system. */
  readonly code: string | undefined;
  readonly cause: ThrownError | undefined;
};

/** How many causes of an error are kept. */
const MAX_CAUSES = 5;

/** Error to data. */
export function toThrownError(error: unknown, causes = MAX_CAUSES): ThrownError {
  const { name, message, stack, cause, code }: NodeJS.ErrnoException =
    error instanceof Error ? error : new Error(String(error));
  return { name, message, stack, code, cause: cause && causes > 0 ? toThrownError(cause, causes - 1) : undefined };
}

const classes: Readonly<Record<string, typeof DatabaseUnavailable | typeof OutcomeUnknown>> = {
  DatabaseUnavailable,
  OutcomeUnknown,
};

/** Data to error: an infrastructure error, or an Error with the name and the code of the thrown one. */
export function toError({ name, message, stack, code, cause }: ThrownError): Error {
  const Class = classes[name] ?? Error;
  const error = new Class(message, cause && { cause: toError(cause) });
  return Object.assign(error, { name, ...(stack !== undefined && { stack }), ...(code !== undefined && { code }) });
}
