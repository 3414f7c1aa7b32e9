import { type Operation, operations } from "@jifen/contract";

/** Whether an operation is a ledger command, which needs admission control. */
export const isLedgerCommand = ({ refusals, idempotent }: Operation): boolean =>
  idempotent && refusals.includes("OVERLOADED");

/** The tRPC paths of all ledger commands, such as `credits.consume`. */
export const ledgerPaths: ReadonlySet<string> = new Set(
  Object.entries(operations).flatMap(([noun, verbs]) =>
    Object.entries(verbs as Record<string, Operation>)
      .filter(([, operation]) => isLedgerCommand(operation))
      .map(([verb]) => `${noun}.${verb}`),
  ),
);
