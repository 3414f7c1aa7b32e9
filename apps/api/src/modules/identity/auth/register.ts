import { operations } from "@jifen/contract";
import { refuse, userId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { emailTemplates } from "../mail/email-templates.ts";
import { requestEmail } from "../mail/request-email.ts";
import { makeLink, makePasswordLink, PASSWORD_LINK_HOURS } from "../use-cases/one-time-links.ts";

const REGISTRATION_HOURS = 24;

/**
 * Somebody wants to become a user. Nothing is kept but a link, and the password is chosen behind it: a stranger who
 * registers somebody else's address gets nothing, and knows nothing afterwards.
 */
export const register = (deps: Deps) =>
  implement(operations.auth.register, async ({ input: { email, name }, address, language }) => {
    const { registrationMailer: mailer, database } = deps;
    if (!mailer) return refuse({ code: "REGISTRATION_CLOSED" });
    const id = userId(email);
    const letterOf = async (which: keyof typeof emailTemplates, link: string, hours: number) => ({
      to: email,
      ...emailTemplates[which][language()]({ link, hours }),
    });
    const make = async () => {
      const user = await database.users.find(id);
      // The address of somebody deleted stays theirs: the ledger has it.
      if (user && user.deletedAtMs !== null) return undefined;
      if (user) {
        const { link } = await makePasswordLink(deps, id);
        return letterOf("knownAlready", link, PASSWORD_LINK_HOURS);
      }
      const payload = JSON.stringify({ name });
      const { link } = await makeLink(deps, {
        userId: id,
        purpose: "registration",
        hours: REGISTRATION_HOURS,
        payload,
      });
      return letterOf("registration", link, REGISTRATION_HOURS);
    };
    return requestEmail(deps, mailer, { email, address: address(), make });
  });
