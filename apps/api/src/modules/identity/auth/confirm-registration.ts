import { operations } from "@jifen/contract";
import { refuse } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { createUserByLink } from "../use-cases/create-user-by-link.ts";

/** Creates the user of a registration link with the password that is sent; the link proves access to the mailbox. */
export const confirmRegistration = (deps: Deps) =>
  implement(operations.auth.confirmRegistration, async ({ input, requestId, address }) => {
    if (!deps.registrationMailer) return refuse({ code: "REGISTRATION_CLOSED" });
    return createUserByLink(deps, {
      ...input,
      purpose: "registration",
      requestId,
      address: await address(),
      toNewUser: ({ userId, payload }) => ({ email: userId, name: JSON.parse(payload ?? "{}").name, role: "user" }),
    });
  });
