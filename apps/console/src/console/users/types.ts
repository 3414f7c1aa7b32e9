import type { JifenOutputs } from "@jifen/client";

/** A user as staff sees it. */
export type User = JifenOutputs["users"]["find"];
/** What the account of a user has. */
export type Account = JifenOutputs["accounts"]["find"];
