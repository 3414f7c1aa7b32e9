import { bilingual, type Refusal } from "@jifen/contract";
import { dictionary } from "@zxcvbn-ts/language-common";
import { truncates } from "bcryptjs";

const commonPasswords: ReadonlySet<string> = new Set(dictionary["passwords-common"]);

/** A shorter local part of an e-mail address is in many passwords by chance. */
const MIN_LOCAL_PART_LENGTH = 4;

/** Returns what is wrong with a new password, in both languages; undefined for an acceptable one. Existing passwords are not checked. */
export type PasswordRule = (password: string, email: string) => string | undefined;

/**
 * Checks the length and a list of common passwords; no rules about kinds of characters (NIST SP 800-63B-4, OWASP ASVS 5.0,
 * section 6.2).
 * @param minLength in characters (code points).
 */
export const createPasswordRule =
  (minLength: number): PasswordRule =>
  (password, email) => {
    if ([...password].length < minLength) {
      return bilingual({ zh: `至少需要 ${minLength} 个字符`, en: `must have at least ${minLength} characters` });
    }
    if (truncates(password)) {
      return bilingual({
        zh: "最多 72 字节（UTF-8），请缩短",
        en: "must have at most 72 bytes of UTF-8; choose a shorter one",
      });
    }
    const [lower, localPart = ""] = [password.toLowerCase(), email.split("@")[0]];
    if (commonPasswords.has(lower)) {
      return bilingual({ zh: "这是常见密码，请换一个", en: "is a common password; choose another one" });
    }
    if (localPart.length >= MIN_LOCAL_PART_LENGTH && lower.includes(localPart)) {
      return bilingual({
        zh: "不能包含邮箱 @ 之前的部分",
        en: "must not contain the part of the e-mail address before the @",
      });
    }
    return undefined;
  };

/** Refuses a field with the message of the password rule. */
export const weakPassword = (path: string, message: string): Refusal<"VALIDATION_FAILED"> => ({
  code: "VALIDATION_FAILED",
  issues: [{ path, message }],
});
