import type { Procedures } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { changePassword } from "./change-password.ts";
import { confirmRegistration } from "./confirm-registration.ts";
import { firstAdmin } from "./first-admin.ts";
import { forgotPassword } from "./forgot-password.ts";
import { login } from "./login.ts";
import { logout, logoutEverywhere } from "./logout.ts";
import { me } from "./me.ts";
import { register } from "./register.ts";
import { resetPassword } from "./reset-password.ts";
import { verify } from "./verify.ts";

/** Procedures of authentication. */
export const authProcedures = (deps: Deps): Procedures["auth"] => ({
  changePassword: changePassword(deps),
  confirmRegistration: confirmRegistration(deps),
  firstAdmin: firstAdmin(deps),
  forgotPassword: forgotPassword(deps),
  login: login(deps),
  logout: logout(deps),
  logoutEverywhere: logoutEverywhere(deps),
  me: me(deps),
  register: register(deps),
  resetPassword: resetPassword(deps),
  verify: verify(deps),
});
