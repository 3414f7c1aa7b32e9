import type { Edit } from "./mutant.ts";

/** A place in the ledger's rules. */
export const ledger = (file: string, from: string, to: string): Edit => ({
  file: `packages/ledger/src/${file}`,
  from,
  to,
});
/** A place in the store on PostgreSQL. */
export const postgresql = (file: string, from: string, to: string): Edit => ({
  file: `packages/database/src/drivers/postgresql/${file}`,
  from,
  to,
});
