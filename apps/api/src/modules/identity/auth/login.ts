import { operations } from "@jifen/contract";
import { ok, refuse, userId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";

/**
 * Exchanges an e-mail address and a password for a token. An unknown address, a wrong password, a suspended user and a
 * locked account get the same response in the same time: a hash is compared in every case.
 */
export const login = ({ database, rateLimits, passwords, tokens }: Deps) =>
  implement(operations.auth.login, async ({ input, address }) => {
    const attempt = { account: input.email, address: address() };
    const verdict = await rateLimits.login.begin(attempt);
    if (verdict.is === "limited") return refuse({ code: "RATE_LIMITED", retryAfterSeconds: verdict.retryAfterSeconds });
    const user = await database.users.find(userId(input.email));
    const matches = await passwords.matches(input.password, user?.passwordHash ?? null);
    const isAllowed = verdict.is === "open" && user?.suspendedAtMs === null && user.deletedAtMs === null;
    if (!user || !matches || !isAllowed) {
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
