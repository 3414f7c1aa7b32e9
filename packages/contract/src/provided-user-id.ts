import { z } from "zod";
import { zProvidedEmail } from "./email-address.ts";
import { bilingual } from "./language.ts";

/** How many characters the id of a user of a site can have, if it is no e-mail address. */
const MAX_LENGTH = 128;

const idRule = {
  error: bilingual({
    zh: `必须是邮箱地址，或 1 到 ${MAX_LENGTH} 个字符的 ID：字母、数字和 _ - . |，不以点开头`,
    en: `must be an e-mail address, or an id of 1 to ${MAX_LENGTH} characters out of letters, digits and _ - . | that does not begin with a dot`,
  }),
};

/**
 * An id without `@`, so that it is never the address that another user logs in with, and without `:`, which separates the
 * parts of an account.
 */
const siteId = z.string().regex(new RegExp(`^(?!\\.)[A-Za-z0-9_.|-]{1,${MAX_LENGTH}}$`));

/** The id under which a site names a user that is created: an id of the site, such as `user_2abC`, or an e-mail address. */
export const zProvidedUserId = z.union([siteId, zProvidedEmail], idRule);

/** Whether a user logs in with an e-mail address, which is the id: otherwise the user comes from a site. */
export const isEmailId = (userId: string): boolean => userId.includes("@");
