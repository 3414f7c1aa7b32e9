import type { Logger } from "pino";
import { firstAdminLink } from "../modules/identity/use-cases/first-admin.ts";

/** The setup link of this start; undefined when there is an admin. Warns when ADMIN_EMAILS should have made one. */
export async function createSetupLink(
  identity: Parameters<typeof firstAdminLink>[0],
  log: Logger,
): Promise<string | undefined> {
  const link = await firstAdminLink(identity);
  if (link !== undefined && identity.adminEmails.size > 0)
    log.warn("ADMIN_EMAILS names no user: there is no admin until one of the addresses, or the setup link, is used");
  return link;
}
