import { bilingual, type Language, pickLanguage } from "@jifen/contract";
import { html, raw } from "hono/html";
import { script } from "./script.ts";
import { style } from "./style.ts";

/** The page that one-time links open. The token of a link is in its fragment, which browsers do not send to servers. */
export function linkPage(language: Language, minPasswordLength: number): ReturnType<typeof html> {
  const text = (zh: string, en: string) => pickLanguage(bilingual({ zh, en }), language);
  const password = html`<label>${text("新密码", "New password")}
        <input name="newPassword" type="password" autocomplete="new-password" required minlength="${minPasswordLength}" />
        <small>${text(`至少 ${minPasswordLength} 个字符，最多 72 字节`, `At least ${minPasswordLength} characters, at most 72 bytes`)}</small>
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
    data-invalid="${text("链接不完整或已失效，请重新获取。", "This link is incomplete or no longer valid. Request a new one.")}"
    data-wait="${text("请稍候…", "Please wait…")}"
    data-offline="${text("网络中断，请重试。", "The network connection failed. Try again.")}"
  >
    <main>
      <h1>Jifen 积分</h1>
      <form name="password" hidden data-to="auth/password-reset" data-done="${text("密码已设置，请重新登录。", "Your password is set. You can log in.")}">
        ${password}
        <button>${text("设置密码", "Set password")}</button>
      </form>
      <form name="registration" hidden data-to="auth/register/confirm" data-done="${text("注册完成，可以登录了。", "Your registration is complete. You can log in.")}">
        ${password}
        <button>${text("完成注册", "Complete registration")}</button>
      </form>
      <form name="first-admin" hidden data-to="auth/first-admin" data-done="${text("您已成为管理员，可以登录了。", "You are an admin now. You can log in.")}">
        <label>${text("邮箱", "E-mail address")} <input name="email" inputmode="email" autocomplete="username" required /></label>
        <label>${text("姓名（可选）", "Name (optional)")} <input name="name" autocomplete="name" maxlength="100" /></label>
        ${password}
        <button>${text("创建管理员", "Create admin")}</button>
      </form>
      <p id="status" role="status" tabindex="-1"></p>
      <noscript>${text("请启用 JavaScript。", "Please enable JavaScript.")}</noscript>
    </main>
    <script>${raw(script)}</script>
  </body>
</html>`;
}
