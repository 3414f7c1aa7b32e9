import { operations } from "@jifen/contract";
import { ok, refuse, userId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";

/**
 * E-mail address and password for a token. Unknown, wrong, suspended and locked look the same and take the
 * same time: the password is compared with something in any case.
 */
export const login = ({ database, rateLimits, passwords, tokens }: Deps) =>
  implement(operations.auth.login, async ({ input, address }) => {
    const attempt = { account: input.email, address: address() };
    const verdict = await rateLimits.login.begin(attempt);
    if (verdict.is === "limited") return refuse({ code: "RATE_LIMITED", retryAfterSeconds: verdict.retryAfterSeconds });
    const user = await database.users.find(userId(input.email));
    const matches = await passwords.matches(input.password, user?.passwordHash ?? null);
    const mayEnter = verdict.is === "open" && user?.suspendedAtMs === null && user.deletedAtMs === null;
    if (!user || !matches || !mayEnter) {
      await rateLimits.login.failed(attempt, verdict);
      return refuse({ code: "INVALID_CREDENTIALS" });
    }
    await rateLimits.login.succeeded(attempt);
    const { token, expiresAtMs } = await tokens.issue(user);
    return ok({
      success: true,
      userId: user.id,
      email: user.email,
      name: user.name,
      token,
      expiresAt: isoTime(expiresAtMs),
    });
  });
