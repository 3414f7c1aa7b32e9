import { operations } from "@jifen/contract";
import { accountOf, ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { readBalance } from "./read-balance.ts";

/** Reads the balance of the caller, the held credits, and what expires next. */
export const balance = ({ ledger }: Deps) =>
  implement(operations.credits.balance, async ({ caller }) => ok(await readBalance(ledger, accountOf(caller.userId))));
