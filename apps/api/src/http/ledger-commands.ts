import { type Operation, operations } from "@jifen/contract";

/** Whether an operation is a ledger command, which needs admission control. */
export const isLedgerCommand = ({ refusals, idempotent }: Operation): boolean =>
  idempotent && refusals.includes("OVERLOADED");

/** Whether an operation reads records, such as a history or a list. Balances are read in batches, `me` from a cache. */
export const isRecordRead = ({ kind, caller, rest }: Operation): boolean =>
  kind === "query" && caller !== "anyone" && !unboundedReads.has(rest.path);

const unboundedReads: ReadonlySet<string> = new Set([
  operations.credits.balance.rest.path,
  operations.auth.me.rest.path,
]);

/** Every operation by its tRPC path, such as `credits.consume`. */
export const operationsByPath: ReadonlyMap<string, Operation> = new Map(
  Object.entries(operations).flatMap(([noun, verbs]) =>
    Object.entries(verbs as Record<string, Operation>).map(
      ([verb, operation]) => [`${noun}.${verb}`, operation] as const,
    ),
  ),
);

/** The tRPC paths of all ledger commands. */
export const ledgerPaths: ReadonlySet<string> = new Set(
  [...operationsByPath].filter(([, operation]) => isLedgerCommand(operation)).map(([path]) => path),
);

/** A REST path of the contract as a pattern of request targets. */
const toPattern = (path: string): string => path.replaceAll(/\{\w+\}/g, "[^/?]+");

const ledgerTarget = new RegExp(
  `^(?:${Object.values(operations)
    .flatMap((verbs) => Object.values(verbs as Record<string, Operation>))
    .filter(isLedgerCommand)
    .map(({ rest }) => toPattern(rest.path))
    .join("|")})(?:\\?|$)`,
);

/** Whether the target of a POST request is a ledger command, or a batch with one, as far as its text shows. */
export function isLedgerTarget(target: string): boolean {
  if (!target.startsWith("/trpc/")) return ledgerTarget.test(target);
  const end = target.indexOf("?");
  const called = target.slice("/trpc/".length, end === -1 ? undefined : end);
  return called.split(",").some((path) => ledgerPaths.has(path));
}
