import { t } from "./language.ts";

/** What stands on the screen about a link by which somebody sets a password. */
export const passwordLinkWords = ({ link, expiresAt }: { readonly link: string; readonly expiresAt: string }): string =>
  t({
    en: `A password is set here, once, before ${expiresAt}:\n${link}`,
    zh: `请在 ${expiresAt} 之前打开以下一次性链接设置密码：\n${link}`,
  });
