import { bilingual, type Refusal } from "@jifen/contract";
import { dictionary } from "@zxcvbn-ts/language-common";
import { truncates } from "bcryptjs";

const common: ReadonlySet<string> = new Set(dictionary["passwords-common"]);

/** Long enough to say something about whoever uses it. */
const TELLING_LENGTH = 4;

/** What is wrong with a new password, in both languages; undefined when nothing is. Passwords in use are never asked. */
export type PasswordRule = (password: string, email: string) => string | undefined;

/**
 * No rules about kinds of characters (NIST SP 800-63B-4, OWASP ASVS 5.0, 6.2): length, and nothing that is guessed first.
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
    const [lower, name = ""] = [password.toLowerCase(), email.split("@")[0]];
    if (common.has(lower)) {
      return bilingual({ zh: "这是常见密码，请换一个", en: "is one that everybody tries; choose another" });
    }
    if (name.length >= TELLING_LENGTH && lower.includes(name)) {
      return bilingual({ zh: "不能包含邮箱名", en: "must not contain the name of the e-mail address" });
    }
    return undefined;
  };

/** The same as a refusal of a field. */
export const weakPassword = (path: string, message: string): Refusal<"VALIDATION_FAILED"> => ({
  code: "VALIDATION_FAILED",
  issues: [{ path, message }],
});
