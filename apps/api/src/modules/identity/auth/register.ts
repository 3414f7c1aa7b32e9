import { operations } from "@jifen/contract";
import { refuse, userId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { emailTemplates } from "../mail/email-templates.ts";
import { requestEmail } from "../mail/request-email.ts";
import { createLink, createMailedPasswordLink, PASSWORD_LINK_HOURS } from "../use-cases/one-time-links.ts";
import { chosenLanguageOf } from "../users/stored-language.ts";

const REGISTRATION_HOURS = 24;

/**
 * Sends a registration link. Only the link is stored, and the password is chosen after opening it: a client that registers
 * the address of another person gains nothing, and does not learn whether that person is a user.
 */
export const register = (deps: Deps) =>
  implement(operations.auth.register, async ({ input: { email, name }, address, language }) => {
    const { registrationMailer: mailer, database } = deps;
    if (!mailer) return refuse({ code: "REGISTRATION_CLOSED" });
    const id = userId(email);
    const compose = async () => {
      const user = await database.users.find(id);
      if (user) {
        const { link } = await createMailedPasswordLink(deps, id);
        // The address of a deleted user is never reused: it names an account in the ledger.
        if (user.deletedAtMs !== null) return undefined;
        const spoken = chosenLanguageOf(user) ?? language();
        return { to: email, ...emailTemplates.alreadyRegistered[spoken]({ link, hours: PASSWORD_LINK_HOURS }) };
      }
      const payload = JSON.stringify({ name });
      const { link } = await createLink(deps, {
        userId: id,
        purpose: "registration",
        hours: REGISTRATION_HOURS,
        issuer: "mail",
        payload,
      });
      return { to: email, ...emailTemplates.registration[language()]({ link, hours: REGISTRATION_HOURS }) };
    };
    return requestEmail(deps, mailer, { email, address: await address(), compose });
  });
