import { setTimeout } from "node:timers/promises";
import { type Operation, operations } from "@jifen/contract";

/** Whether an operation is a command for the ledger, which may have more to do than it can. */
export const waitsForTheLedger = ({ refusals, idempotent }: Operation): boolean =>
  idempotent && refusals.includes("OVERLOADED");

/** The procedures that are commands for the ledger, as tRPC names them. */
export const ledgerPaths: ReadonlySet<string> = new Set(
  Object.entries(operations).flatMap(([noun, verbs]) =>
    Object.entries(verbs as Record<string, Operation>)
      .filter(([, operation]) => waitsForTheLedger(operation))
      .map(([verb]) => `${noun}.${verb}`),
  ),
);

/** As long as Retry-After asks for: those who come again at once would leave no time for the work. */
const TURNED_AWAY_AFTER_MS = 1_000;

/** Resolves when those who are turned away may be told so. */
export const beforeTurningAway = (): Promise<void> => setTimeout(TURNED_AWAY_AFTER_MS);
