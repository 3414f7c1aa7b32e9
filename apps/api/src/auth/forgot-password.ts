import { operations } from "@jifen/contract";
import { refuse, userId } from "@jifen/ledger";
import type { Deps } from "../deps.ts";
import { makePasswordLink, PASSWORD_LINK_HOURS } from "../identity/links.ts";
import { askForMail } from "../mail/ask-for-mail.ts";
import { letters } from "../mail/letters.ts";
import { implement } from "../trpc.ts";

/** A link by mail for whoever forgot the password; sessions go on until it is used. */
export const forgotPassword = (deps: Deps) =>
  implement(operations.auth.forgotPassword, async ({ input: { email }, address, language }) => {
    const { mailer, database } = deps;
    if (!mailer) return refuse({ code: "MAIL_NOT_CONFIGURED" });
    const make = async () => {
      const user = await database.users.find(userId(email));
      if (!user || user.deletedAtMs !== null) return undefined;
      const { link } = await makePasswordLink(deps, user.id);
      return { to: email, ...letters.forgottenPassword[language()]({ link, hours: PASSWORD_LINK_HOURS }) };
    };
    return askForMail(deps, mailer, { email, address: address(), make });
  });
