import { operations } from "@jifen/contract";
import { refuse, userId } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import type { Deps } from "../deps.ts";
import { emailTemplates } from "../mail/email-templates.ts";
import { requestEmail } from "../mail/request-email.ts";
import { createMailedPasswordLink, PASSWORD_LINK_HOURS } from "../use-cases/one-time-links.ts";
import { chosenLanguageOf } from "../users/stored-language.ts";

/** Sends a link to set a new password. Sessions continue until the link is used. */
export const forgotPassword = (deps: Deps) =>
  implement(operations.auth.forgotPassword, async ({ input: { email }, address, language }) => {
    const { mailer, database } = deps;
    if (!mailer) return refuse({ code: "MAIL_NOT_CONFIGURED" });
    const compose = async () => {
      const user = await database.users.find(userId(email));
      // Also for an unknown address, as a link that is never sent: the work must not show which addresses are users.
      const { link } = await createMailedPasswordLink(deps, userId(email));
      if (!user || user.deletedAtMs !== null) return undefined;
      const spoken = chosenLanguageOf(user) ?? language();
      return { to: email, ...emailTemplates.passwordReset[spoken]({ link, hours: PASSWORD_LINK_HOURS }) };
    };
    return requestEmail(deps, mailer, { email, address: await address(), compose });
  });
