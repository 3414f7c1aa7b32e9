import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";
import { checkPassword } from "../use-cases/check-password.ts";

/** Checks the password of the user again, and notes it in the cookie of the session. */
export const confirm = (deps: Deps) =>
  implement(operations.session.confirm, async ({ input, caller, address, setCookie }) => {
    const { browser, userId, role } = caller;
    if (!browser) return refuse({ code: "SESSION_COOKIE_REQUIRED" });
    // Guesses count for this session alone, so that they do not lock the owner out.
    const attempt = { account: userId, address: await address(), sessionId: browser.jti };
    const user = await deps.database.users.find(userId);
    const checked = await checkPassword(deps, { attempt, password: input.password, user, isActive: true });
    if (!checked.ok) return checked;
    const confirmed = await deps.browserSessions.confirm(browser, role);
    setCookie(confirmed.setCookie);
    return ok({ confirmedUntil: isoTime(confirmed.confirmedUntilMs) });
  });
