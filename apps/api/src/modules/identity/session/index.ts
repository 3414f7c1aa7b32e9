import type { Procedures } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { changePassword } from "./change-password.ts";
import { confirm } from "./confirm.ts";
import { current } from "./current.ts";

/** Procedures of browser sessions. */
export const sessionProcedures = (deps: Deps): Procedures["session"] => ({
  changePassword: changePassword(deps),
  confirm: confirm(deps),
  current: current(deps),
});
