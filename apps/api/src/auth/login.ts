import { operations } from "@jifen/contract";
import { ok, refuse, userId } from "@jifen/ledger";
import type { Deps } from "../deps.ts";
import { implement } from "../trpc.ts";

/**
 * E-mail address and password for a token. Unknown, wrong and suspended look the same and take the
 * same time: the password is compared with something in any case.
 */
export const login = ({ database, passwords, tokens }: Deps) =>
  implement(operations.auth.login, async ({ input }) => {
    const user = await database.users.find(userId(input.email));
    const matches = await passwords.matches(input.password, user?.passwordHash ?? null);
    if (!user || !matches || user.suspendedAtMs !== null || user.deletedAtMs !== null)
      return refuse({ code: "INVALID_CREDENTIALS" });
    const { token, expiresAtMs } = await tokens.issue(user);
    return ok({
      success: true,
      userId: user.id,
      email: user.email,
      name: user.name,
      token,
      expiresAt: new Date(expiresAtMs).toISOString(),
    });
  });
