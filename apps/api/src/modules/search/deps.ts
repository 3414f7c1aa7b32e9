import type { Database } from "@jifen/database";

/** What a search works with. */
export type Deps = { readonly database: Pick<Database, "history" | "keys" | "logs" | "orders" | "users"> };
