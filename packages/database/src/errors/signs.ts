import type { ErrorSign } from "./answered-error.ts";

/** One error of the chain of causes, as the drivers, Node.js and Prisma's adapters describe it. */
export type Sign = ErrorSign & {
  /** The kind that an adapter of Prisma gave it. */
  readonly kind: string;
  /** The call of the operating system that failed. */
  readonly systemCall: string;
};

/** An error and its causes. Prisma keeps the error of the driver in `meta`. */
function* causes(error: unknown): Generator<Record<string, unknown>> {
  for (let each = error as Record<string, unknown> | undefined, depth = 0; each && depth < 6; depth += 1) {
    yield each;
    const meta = each["meta"] as Record<string, unknown> | undefined;
    each = (meta?.["driverAdapterError"] ?? each["cause"]) as Record<string, unknown> | undefined;
  }
}

/** Drivers store their error codes in different properties. */
const codesOf = (error: Record<string, unknown>): readonly string[] =>
  [error["errno"], error["originalCode"], error["code"]].filter((code) => code !== undefined).map(String);

/** The error and its causes. */
export const signsOf = (error: unknown): readonly Sign[] =>
  [...causes(error)].map((each) => ({
    codes: codesOf(each),
    sqlState: (each["sqlState"] ?? each["state"]) as string | undefined,
    message: String(each["originalMessage"] ?? each["message"] ?? ""),
    kind: String(each["kind"]),
    systemCall: String(each["syscall"]),
  }));

/** What the driver said: Prisma's own message repeats the call. */
export const driverMessage = (error: unknown): string => signsOf(error).at(-1)?.message ?? String(error);
