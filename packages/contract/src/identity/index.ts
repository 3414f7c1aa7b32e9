import * as auth from "./auth.ts";
import * as keys from "./keys.ts";
import * as ownSettings from "./own-settings.ts";
import * as session from "./session.ts";
import * as users from "./users.ts";

/** The operations on sessions, service keys and users, by noun and verb. */
export const identityOperations = {
  auth: {
    changePassword: auth.changePassword,
    changePreferences: ownSettings.changePreferences,
    confirmRegistration: auth.confirmRegistration,
    firstAdmin: auth.firstAdmin,
    forgotPassword: auth.forgotPassword,
    login: auth.login,
    logout: auth.logout,
    logoutEverywhere: auth.logoutEverywhere,
    me: auth.me,
    preferences: ownSettings.preferences,
    register: auth.register,
    rename: auth.rename,
    resetPassword: auth.resetPassword,
    signIns: ownSettings.signIns,
    verify: auth.verify,
  },
  keys: {
    change: keys.change,
    create: keys.create,
    list: keys.list,
    revoke: keys.revoke,
    rotate: keys.rotate,
  },
  session: { changePassword: session.changePassword, confirm: session.confirm, current: session.current },
  users: {
    create: users.create,
    endSessions: users.endSessions,
    find: users.find,
    list: users.list,
    passwordLink: users.passwordLink,
    remove: users.remove,
    rename: users.rename,
    resume: users.resume,
    setPriceGroup: users.setPriceGroup,
    setRole: users.setRole,
    suspend: users.suspend,
  },
} as const;
