import type { Procedures } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { changePassword } from "./change-password.ts";
import { confirmRegistration } from "./confirm-registration.ts";
import { firstAdmin } from "./first-admin.ts";
import { forgotPassword } from "./forgot-password.ts";
import { login } from "./login.ts";
import { logout, logoutEverywhere } from "./logout.ts";
import { me } from "./me.ts";
import { changePreferences, preferences } from "./preferences.ts";
import { register } from "./register.ts";
import { rename } from "./rename.ts";
import { resetPassword } from "./reset-password.ts";
import { signIns } from "./sign-ins.ts";
import { verify } from "./verify.ts";

/** Procedures of authentication. */
export const authProcedures = (deps: Deps): Procedures["auth"] => ({
  changePassword: changePassword(deps),
  changePreferences: changePreferences(deps),
  confirmRegistration: confirmRegistration(deps),
  firstAdmin: firstAdmin(deps),
  forgotPassword: forgotPassword(deps),
  login: login(deps),
  logout: logout(deps),
  logoutEverywhere: logoutEverywhere(deps),
  me: me(deps),
  preferences: preferences(deps),
  register: register(deps),
  rename: rename(deps),
  resetPassword: resetPassword(deps),
  signIns: signIns(deps),
  verify: verify(deps),
});
