import { logMutants } from "./log-mutants.ts";
import type { Mutant } from "./mutant.ts";
import { ruleMutants } from "./rule-mutants.ts";
import { transactionMutants } from "./transaction-mutants.ts";

/** All mutants. The checks must find each of them. */
export const mutants: readonly Mutant[] = [...transactionMutants, ...ruleMutants, ...logMutants];
