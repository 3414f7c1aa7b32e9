import { acrossTransactions } from "./across-transactions.ts";
import { inTheBooks } from "./in-the-books.ts";
import type { Mutant } from "./mutant.ts";

/** Every bug that the checks must find. */
export const mutants: readonly Mutant[] = [...acrossTransactions, ...inTheBooks];
