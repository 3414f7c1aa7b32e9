import type { Account, User } from "../types.ts";

/** What every act on a user works with. */
export type ActProps = { readonly user: User; readonly account: Account; readonly onClose: () => void };
