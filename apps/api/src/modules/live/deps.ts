import type { Authentication } from "../identity/credentials/authenticate.ts";
import type { Live } from "./create-live.ts";

/** What the live module works with. */
export type Deps = {
  readonly live: Pick<Live, "open" | "close">;
  /** Authenticates again while a stream is open. What it caches is younger than for single requests. */
  readonly authentication: Authentication;
};
