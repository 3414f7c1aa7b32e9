/** Refusals of registrations, and of what the pages of this server send: a part of the table of all refusals. */
export const sessionRefusals = {
  REGISTRATION_CLOSED: {
    status: 403,
    zh: "本服务不开放注册，请联系管理员创建账户",
    en: "Registration is closed; ask an admin for an account",
  },
  FOREIGN_ORIGIN: {
    status: 403,
    zh: "该请求来自其他网站，未执行；请在本服务的页面上操作",
    en: "The request comes from another site and had no effect; use the page of this server",
  },
  CONFIRMATION_REQUIRED: {
    status: 403,
    zh: "此操作需要再次输入密码确认",
    en: "This act needs your password again",
  },
  SESSION_COOKIE_REQUIRED: {
    status: 403,
    zh: "只有在浏览器中登录的会话可以调用",
    en: "Only a session of a browser can call this",
  },
  BEARER_TOKEN_REQUIRED: {
    status: 403,
    zh: "浏览器会话不能调用此操作，请改用 session.changePassword",
    en: "A session of a browser cannot call this; call session.changePassword",
  },
} as const;

/** What the caller should do about each of them. */
export const sessionRefusalFixes = {
  REGISTRATION_CLOSED: {
    zh: "由管理员通过 `POST /admin/users` 创建用户，或由运维设置 `REGISTRATION=open`。",
    en: "An admin creates users with `POST /admin/users`; the operator can set `REGISTRATION=open`.",
  },
  FOREIGN_ORIGIN: {
    zh: "在本服务自己的登录页提交表单。反向代理后面请把 `PUBLIC_URL` 设为浏览器所用的地址。",
    en: "Submit the form on this server's own page. Behind a proxy, set `PUBLIC_URL` to the address that browsers use.",
  },
  CONFIRMATION_REQUIRED: {
    zh: "在同一浏览器会话中调用 `session.confirm` 并传入密码，15 分钟内重试原请求。Bearer Token 和服务密钥不需要确认。",
    en: "Call `session.confirm` with the password in the same browser session, and repeat the request within 15 minutes. Bearer tokens and service keys need no confirmation.",
  },
  SESSION_COOKIE_REQUIRED: {
    zh: "只供本服务的页面使用。Bearer Token 和服务密钥不需要确认。",
    en: "Only pages of this server need this operation. Bearer tokens and service keys need no confirmation.",
  },
  BEARER_TOKEN_REQUIRED: {
    zh: "响应中含有 Token，页面脚本不应读到它。在浏览器会话中调用 `session.changePassword`（`POST /session/password`）。",
    en: "The response contains a token, which scripts of pages must not read. In a session of a browser call `session.changePassword` (`POST /session/password`).",
  },
} as const;
