import * as auth from "./auth.ts";
import * as keys from "./keys.ts";
import * as users from "./users.ts";

/** The operations on sessions, service keys and users, by noun and verb. */
export const identityOperations = {
  auth: {
    changePassword: auth.changePassword,
    confirmRegistration: auth.confirmRegistration,
    firstAdmin: auth.firstAdmin,
    forgotPassword: auth.forgotPassword,
    login: auth.login,
    logout: auth.logout,
    logoutEverywhere: auth.logoutEverywhere,
    me: auth.me,
    register: auth.register,
    resetPassword: auth.resetPassword,
    verify: auth.verify,
  },
  keys: { create: keys.create, list: keys.list, revoke: keys.revoke, rotate: keys.rotate },
  users: {
    create: users.create,
    endSessions: users.endSessions,
    find: users.find,
    list: users.list,
    passwordLink: users.passwordLink,
    remove: users.remove,
    resume: users.resume,
    setRole: users.setRole,
    suspend: users.suspend,
  },
} as const;
