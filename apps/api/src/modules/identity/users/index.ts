import type { Procedures } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { create } from "./create.ts";
import { endSessions } from "./end-sessions.ts";
import { find } from "./find.ts";
import { list } from "./list.ts";
import { passwordLink } from "./password-link.ts";
import { remove } from "./remove.ts";
import { rename } from "./rename.ts";
import { resume } from "./resume.ts";
import { setPriceGroup } from "./set-price-group.ts";
import { setRole } from "./set-role.ts";
import { suspend } from "./suspend.ts";

/** Procedures of user administration, for staff. */
export const usersProcedures = (deps: Deps): Procedures["users"] => ({
  create: create(deps),
  endSessions: endSessions(deps),
  find: find(deps),
  list: list(deps),
  passwordLink: passwordLink(deps),
  remove: remove(deps),
  rename: rename(deps),
  resume: resume(deps),
  setPriceGroup: setPriceGroup(deps),
  setRole: setRole(deps),
  suspend: suspend(deps),
});
