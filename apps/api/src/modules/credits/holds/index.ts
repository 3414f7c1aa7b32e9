import type { Procedures } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { capture } from "./capture.ts";
import { create } from "./create.ts";
import { extend } from "./extend.ts";
import { find } from "./find.ts";
import { list } from "./list.ts";
import { listOpen } from "./list-open.ts";
import { release } from "./release.ts";

/** Procedures about holds. */
export const holdsProcedures = (deps: Deps): Procedures["holds"] => ({
  capture: capture(deps),
  create: create(deps),
  extend: extend(deps),
  find: find(deps),
  list: list(deps),
  listOpen: listOpen(deps),
  release: release(deps),
});
