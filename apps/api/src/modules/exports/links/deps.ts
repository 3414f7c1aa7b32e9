import type { Database } from "@jifen/database";
import type { ImplementedStreams } from "../../../trpc/stream.ts";
import type { UserCache } from "../../identity/credentials/user-cache.ts";
import type { ExportLinks, linkedStreams } from "./export-links.ts";

/** What links to files work with. */
export type Deps = {
  readonly database: { readonly users: Pick<Database["users"], "useToken"> };
  readonly exportLinks: ExportLinks;
  readonly streams: Pick<ImplementedStreams, (typeof linkedStreams)[number]>;
  readonly userCache: UserCache;
  /** The address of this server for users, without a trailing slash. */
  readonly publicUrl: () => string;
};
