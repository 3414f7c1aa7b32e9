import { operations } from "@jifen/contract";
import { refuse } from "@jifen/ledger";
import type { Deps } from "../deps.ts";
import { createByLink } from "../identity/create-by-link.ts";
import { implement } from "../trpc.ts";

/** Whoever reads the mailbox becomes the user, with a password of their own. */
export const confirmRegistration = (deps: Deps) =>
  implement(operations.auth.confirmRegistration, async ({ input, requestId }) => {
    if (!deps.registrationMailer) return refuse({ code: "REGISTRATION_CLOSED" });
    return createByLink(deps, {
      ...input,
      purpose: "registration",
      requestId,
      person: ({ userId, payload }) => ({ email: userId, name: JSON.parse(payload ?? "{}").name, role: "user" }),
    });
  });
