import { DatabaseUnavailable, OutcomeUnknown } from "@jifen/ledger";

/** Codes of a connection that could never have carried the statement: Node's, Prisma's and PostgreSQL's. */
const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "P1000",
  "P1001",
  "P1002",
  "P2024",
  "53300",
  "57P03",
  "SQLITE_BUSY",
]);

/** Codes of a connection that broke, or a server that gave up, while the statement was on its way. */
const broken = new Set([
  "ECONNRESET",
  "EPIPE",
  "ETIMEDOUT",
  "P1008",
  "P1017",
  "P2028",
  "57P01",
  "57P02",
  "08000",
  "08003",
  "08006",
  "25P03",
  "55P03",
  "57014",
]);

const lostWords =
  /Connection terminated|timeout exceeded when trying to connect|Query read timeout|Client has encountered a connection error|not queryable/i;

/** An error and everything it says it was caused by. Prisma keeps the driver's error in `meta`. */
function* causes(error: unknown): Generator<Record<string, unknown>> {
  for (let each = error as Record<string, unknown> | undefined, depth = 0; each && depth < 6; depth += 1) {
    yield each;
    const meta = each["meta"] as Record<string, unknown> | undefined;
    each = (meta?.["driverAdapterError"] ?? each["cause"]) as Record<string, unknown> | undefined;
  }
}

/** How a connection failed; undefined when the error is about something else. */
export function connectionLoss(error: unknown): "never sent" | "broken" | undefined {
  for (const each of causes(error)) {
    const codes = [each["code"], each["originalCode"]].map(String);
    const message = String(each["message"] ?? "");
    if (codes.some((code) => neverSent.has(code)) || message.includes("timeout exceeded when trying to connect")) {
      return "never sent";
    }
    if (codes.some((code) => broken.has(code)) || lostWords.test(message)) return "broken";
    if (each["kind"] === "DatabaseNotReachable" || each["kind"] === "TooManyConnections") return "never sent";
    if (each["kind"] === "ConnectionClosed" || each["kind"] === "SocketTimeout") return "broken";
  }
  return undefined;
}

/**
 * Rethrows what the caller can act on. A statement that only reads, or sits in a transaction not yet
 * committed, has written nothing when the connection breaks; one that commits by itself may have.
 * @throws DatabaseUnavailable, OutcomeUnknown, or the error itself
 */
export const afterConnectionLoss =
  (effect: "nothing written" | "may be written") =>
  (error: unknown): never => {
    const loss = connectionLoss(error);
    if (loss === undefined) throw error;
    if (loss === "broken" && effect === "may be written") {
      throw new OutcomeUnknown("the connection broke while a write was on its way", { cause: error });
    }
    throw new DatabaseUnavailable("the database cannot be reached", { cause: error });
  };

/** Whether a unique index refused the row. */
export const isUniqueViolation = (error: unknown): boolean =>
  [...causes(error)].some(
    (each) =>
      each["code"] === "P2002" ||
      each["code"] === "23505" ||
      each["code"] === "SQLITE_CONSTRAINT_UNIQUE" ||
      each["code"] === "SQLITE_CONSTRAINT_PRIMARYKEY",
  );
