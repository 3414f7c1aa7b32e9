import type { Procedures } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { change } from "./change.ts";
import { create } from "./create.ts";
import { list } from "./list.ts";
import { revoke } from "./revoke.ts";
import { rotate } from "./rotate.ts";

/** Procedures of service keys. */
export const keysProcedures = (deps: Deps): Procedures["keys"] => ({
  change: change(deps),
  create: create(deps),
  list: list(deps),
  revoke: revoke(deps),
  rotate: rotate(deps),
});
