import type { PasswordLink } from "../modules/identity/use-cases/one-time-links.ts";
import { t } from "./language.ts";

/** The text that shows a link to set a password. */
export const passwordLinkText = ({ link, expiresAt }: PasswordLink): string =>
  t({
    en: `Open this link before ${expiresAt} to set a password. It works once:\n${link}`,
    zh: `请在 ${expiresAt} 之前打开以下一次性链接设置密码：\n${link}`,
  });
