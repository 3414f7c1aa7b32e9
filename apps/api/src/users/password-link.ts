import { operations } from "@jifen/contract";
import { ok } from "@jifen/ledger";
import type { Deps } from "../deps.ts";
import { makeLink, PASSWORD_LINK_LIVES_MS } from "../identity/links.ts";
import { isoTime } from "../iso-time.ts";
import { implement } from "../trpc.ts";
import { changeFor } from "./change.ts";

/** A link by which somebody sets a password. Sessions go on until it is used. */
export const passwordLink = (deps: Deps) =>
  implement(operations.users.passwordLink, async (asked) => {
    // Written down before there is a link: nobody gets one unnoticed.
    const wish = { ...asked, action: "users.passwordLink", set: {}, endsSessions: false };
    const noted = await changeFor(deps, wish);
    if (!noted.ok) return noted;
    const { link, expiresAtMs } = await makeLink(deps, {
      userId: noted.value.id,
      purpose: "password",
      livesMs: PASSWORD_LINK_LIVES_MS,
    });
    return ok({ link, expiresAt: isoTime(expiresAtMs) });
  });
