import type { Edit } from "./mutant.ts";

type Change = Omit<Edit, "file">;

/** An edit of the ledger's rules. */
export const ledger = (file: string, change: Change): Edit => ({ file: `packages/ledger/src/${file}`, ...change });

/** An edit of the PostgreSQL driver. */
export const postgresql = (file: string, change: Change): Edit => ({
  file: `packages/database/src/drivers/postgresql/${file}`,
  ...change,
});

/** An edit of what all databases share. */
export const database = (file: string, change: Change): Edit => ({ file: `packages/database/src/${file}`, ...change });

/** An edit of the server. */
export const api = (file: string, change: Change): Edit => ({ file: `apps/api/src/${file}`, ...change });
