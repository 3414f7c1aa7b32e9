type AnyError = Readonly<Record<string, unknown>>;

/** How long the message of a driver may be. */
const MAX_LENGTH = 300;

/** An error and its causes, the outermost first. A connection attempt to several addresses has one error for each. */
export function* causesOf(error: unknown): Generator<AnyError> {
  let each = error as AnyError | undefined;
  for (let depth = 0; each !== undefined && each !== null && depth < 8; depth += 1) {
    yield each;
    if (Array.isArray(each["errors"])) yield* each["errors"] as AnyError[];
    const meta = each["meta"] as AnyError | undefined;
    each = (meta?.["driverAdapterError"] ?? each["cause"]) as AnyError | undefined;
  }
}

/** The codes of an error and its causes: of Node.js, of SQLite, the SQLSTATE, MySQL's number, MongoDB's name. */
export const codesOf = (error: unknown): ReadonlySet<string> =>
  new Set(
    [...causesOf(error)].flatMap(({ code, errno, codeName }) =>
      [code, errno, codeName].filter((each) => each !== undefined && each !== null).map(String),
    ),
  );

/** Why it failed, in one line: the message of the innermost cause that has one. */
export function reasonOf(error: unknown): string {
  const messages = [...causesOf(error)].map(({ message }) => (typeof message === "string" ? message : ""));
  const innermost = messages.findLast((message) => message.trim() !== "") ?? String(error);
  const line = innermost
    .replaceAll(/\s+/g, " ")
    .trim()
    .replace(/[.:]+$/, "");
  return line.length > MAX_LENGTH ? `${line.slice(0, MAX_LENGTH)}…` : line;
}
