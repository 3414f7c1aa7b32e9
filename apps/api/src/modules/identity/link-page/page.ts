import { bilingual, type Language, pickLanguage } from "@jifen/contract";
import { html, raw } from "hono/html";
import { script } from "./script.ts";
import { style } from "./style.ts";

/** The page behind one-time links. What a link carries stands behind its #, which no server ever sees. */
export function linkPage(language: Language, minPasswordLength: number): ReturnType<typeof html> {
  const say = (zh: string, en: string) => pickLanguage(bilingual({ zh, en }), language);
  const password = html`<label>${say("新密码", "New password")}
        <input name="newPassword" type="password" autocomplete="new-password" required minlength="${minPasswordLength}" />
        <small>${say(`至少 ${minPasswordLength} 个字符，最多 72 字节`, `At least ${minPasswordLength} characters, at most 72 bytes`)}</small>
      </label>`;
  return html`<!doctype html>
<html lang="${language === "en" ? "en" : "zh-CN"}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Jifen 积分</title>
    <style>${raw(style)}</style>
  </head>
  <body
    data-over="${say("链接不完整或已失效，请重新获取。", "This link is not whole, or over. Ask for a new one.")}"
    data-wait="${say("请稍候…", "One moment…")}"
    data-lost="${say("网络中断，请重试。", "The network is gone. Try again.")}"
  >
    <main>
      <h1>Jifen 积分</h1>
      <form name="password" hidden data-to="/auth/password-reset" data-done="${say("密码已设置，请重新登录。", "Your password is set. You can log in with it.")}">
        ${password}
        <button>${say("设置密码", "Set the password")}</button>
      </form>
      <form name="registration" hidden data-to="/auth/register/confirm" data-done="${say("注册完成，可以登录了。", "You have an account now. You can log in.")}">
        ${password}
        <button>${say("完成注册", "Make my account")}</button>
      </form>
      <form name="first-admin" hidden data-to="/auth/first-admin" data-done="${say("您已成为管理员，可以登录了。", "You are the admin now. You can log in.")}">
        <label>${say("邮箱", "E-mail address")} <input name="email" type="email" autocomplete="username" required /></label>
        <label>${say("姓名（可选）", "Name (optional)")} <input name="name" autocomplete="name" maxlength="100" /></label>
        ${password}
        <button>${say("创建管理员", "Make me the admin")}</button>
      </form>
      <p id="said" role="status" tabindex="-1"></p>
      <noscript>${say("请启用 JavaScript。", "Please switch JavaScript on.")}</noscript>
    </main>
    <script>${raw(script)}</script>
  </body>
</html>`;
}
