import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { makePasswordLink } from "../use-cases/one-time-links.ts";
import { changeFor } from "./change.ts";

/** A link by which somebody sets a password. Sessions go on until it is used. */
export const passwordLink = (deps: Deps) =>
  implement(operations.users.passwordLink, async (asked) => {
    // Written down before there is a link: nobody gets one unnoticed.
    const wish = { ...asked, action: "users.passwordLink", set: {}, endsSessions: false };
    const noted = await changeFor(deps, wish);
    return noted.ok ? ok(await makePasswordLink(deps, noted.value.id)) : noted;
  });
