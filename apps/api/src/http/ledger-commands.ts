import { type Operation, operations } from "@jifen/contract";

/** Whether an operation is a command for the ledger, which may have more to do than it can. */
export const isLedgerCommand = ({ refusals, idempotent }: Operation): boolean =>
  idempotent && refusals.includes("OVERLOADED");

/** The procedures that are commands for the ledger, as tRPC names them. */
export const ledgerPaths: ReadonlySet<string> = new Set(
  Object.entries(operations).flatMap(([noun, verbs]) =>
    Object.entries(verbs as Record<string, Operation>)
      .filter(([, operation]) => isLedgerCommand(operation))
      .map(([verb]) => `${noun}.${verb}`),
  ),
);
