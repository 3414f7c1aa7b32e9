import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { isoTime } from "../../../values/iso-time.ts";
import { version } from "../../../version.ts";
import type { Deps } from "../deps.ts";
import { textOn } from "../pages/style.ts";
import { hasNoAdmin } from "../use-cases/first-admin.ts";
import { recordSeen } from "../use-cases/record-seen.ts";
import { chosenLanguageOf } from "../users/stored-language.ts";
import { confirmedUntilMs } from "./lifetimes.ts";

/** Reads the session of the browser, renews it and stores that its user was seen, and what the pages need to know of this server. */
export const current = (deps: Deps) =>
  implement(operations.session.current, async ({ sessionCookie, setCookie }) => {
    const { browserSessions, registrationMailer, mailer, hasUserKeys, brand } = deps;
    const token = sessionCookie();
    const session = token === undefined ? undefined : await browserSessions.find(token);
    const renewed = session && !session.user.suspended ? await browserSessions.renew(session) : undefined;
    if (renewed) setCookie(renewed.setCookie);
    if (session && !session.user.suspended) await recordSeen(deps, session.user);
    return ok({
      session:
        session && !session.user.suspended
          ? {
              userId: session.userId,
              email: session.user.email,
              name: session.user.name,
              role: session.user.role,
              language: chosenLanguageOf(session.user) ?? null,
              timeZone: session.user.timeZone,
              expiresAt: isoTime(renewed?.expiresAtMs ?? session.expiresAtMs),
              confirmedUntil: isoTime(confirmedUntilMs(session.confirmedAtMs)),
            }
          : null,
      setup: { needsFirstAdmin: await hasNoAdmin(deps) },
      registration: registrationMailer ? "open" : "closed",
      mail: mailer !== undefined,
      userKeys: hasUserKeys,
      version,
      brand: { ...brand, textColor: brand.color === null ? null : textOn(brand.color) },
    });
  });
