import { operations } from "@jifen/contract";
import { ok, refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import type { Deps } from "../deps.ts";
import { replacePassword } from "../use-cases/replace-password.ts";

/** Changes the password in a browser. All sessions end, and the browser gets a new one: in its cookie, never in the response. */
export const changePassword = (deps: Deps) =>
  implement(operations.session.changePassword, async ({ input, caller, requestId, address, setCookie }) => {
    if (!caller.browser) return refuse({ code: "SESSION_COOKIE_REQUIRED" });
    const changed = await replacePassword(deps, { ...input, caller, requestId, address: await address() });
    if (!changed.ok) return changed;
    const { id, tokenVersion } = changed.value;
    const started = await deps.browserSessions.start({ id, tokenVersion, role: caller.role });
    setCookie(started.setCookie);
    return ok({ expiresAt: isoTime(started.expiresAtMs) });
  });
