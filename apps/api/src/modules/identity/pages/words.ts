import type { Language } from "@jifen/contract";

/** The texts of the sign-in pages in one language. */
export type Words = {
  readonly other: string;
  readonly email: string;
  readonly password: string;
  readonly newPassword: string;
  readonly passwordRule: (minLength: number) => string;
  readonly name: string;
  readonly login: { readonly title: string; readonly submit: string; readonly wrong: string };
  readonly tryAgain: (seconds: number) => string;
  readonly forgot: {
    readonly title: string;
    readonly link: string;
    readonly explanation: string;
    readonly submit: string;
    readonly sent: (email: string) => string;
    readonly askAdmin: string;
  };
  readonly register: {
    readonly title: string;
    readonly link: string;
    readonly explanation: string;
    readonly submit: string;
    readonly sent: (email: string) => string;
  };
  readonly link: {
    readonly title: string;
    readonly setPassword: string;
    readonly completeRegistration: string;
    readonly createAdmin: string;
    readonly invalid: string;
    readonly wait: string;
    readonly offline: string;
    readonly noScript: string;
  };
  readonly backToLogin: string;
  readonly support: string;
  readonly noAdmin: string;
};

const zh: Words = {
  other: "English",
  email: "邮箱",
  password: "密码",
  newPassword: "新密码",
  passwordRule: (minLength) => `至少 ${minLength} 个字符，最多 72 字节`,
  name: "姓名（可选）",
  login: {
    title: "登录",
    submit: "登录",
    wrong: "邮箱或密码错误。多次输错后需要等待片刻，此时正确的密码也会被拒绝。",
  },
  tryAgain: (seconds) =>
    `尝试次数过多，请在 ${seconds < 90 ? `${seconds} 秒` : `${Math.ceil(seconds / 60)} 分钟`}后重试。`,
  forgot: {
    title: "重置密码",
    link: "忘记密码？",
    explanation: "输入您的邮箱，我们会发送一个设置新密码的链接。",
    submit: "发送链接",
    sent: (email) =>
      `如果 ${email} 是本服务的用户，几分钟内会收到设置密码的链接，一小时内有效。没有收到请检查垃圾邮件。`,
    askAdmin: "忘记密码？请联系管理员，由管理员提供设置新密码的链接。",
  },
  register: {
    title: "注册",
    link: "注册账户",
    explanation: "输入您的邮箱，我们会发送一个确认链接，打开后设置密码。",
    submit: "发送确认链接",
    sent: (email) => `请查看 ${email} 的收件箱：几分钟内会收到一封邮件，打开其中的链接继续。没有收到请检查垃圾邮件。`,
  },
  link: {
    title: "一次性链接",
    setPassword: "设置密码",
    completeRegistration: "完成注册",
    createAdmin: "创建管理员",
    invalid: "链接不完整或已失效，请重新获取。",
    wait: "请稍候…",
    offline: "网络中断，请重试。",
    noScript: "请启用 JavaScript：链接中的密钥只有浏览器能读取。",
  },
  backToLogin: "返回登录",
  support: "联系客服",
  noAdmin: "还没有管理员。请打开服务启动时打印的一次性链接，或运行",
};

const en: Words = {
  other: "中文",
  email: "E-mail address",
  password: "Password",
  newPassword: "New password",
  passwordRule: (minLength) => `At least ${minLength} characters, at most 72 bytes`,
  name: "Name (optional)",
  login: {
    title: "Log in",
    submit: "Log in",
    wrong:
      "Wrong e-mail address or password. After several wrong passwords even the correct one is refused for a while.",
  },
  tryAgain: (seconds) =>
    `Too many attempts. Try again in ${seconds < 90 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`}.`,
  forgot: {
    title: "Reset your password",
    link: "Forgot your password?",
    explanation: "Enter your e-mail address. We send a link to set a new password.",
    submit: "Send the link",
    sent: (email) =>
      `If ${email} is a user of this service, a link to set a password arrives within minutes. It is valid for an hour. If it does not arrive, check your spam folder.`,
    askAdmin: "Forgot your password? Ask an admin for a link to set a new one.",
  },
  register: {
    title: "Register",
    link: "Create an account",
    explanation: "Enter your e-mail address. We send a link that confirms it, and you choose a password there.",
    submit: "Send the link",
    sent: (email) =>
      `Check the mailbox of ${email}: an e-mail arrives within minutes. Open the link in it to continue. If it does not arrive, check your spam folder.`,
  },
  link: {
    title: "One-time link",
    setPassword: "Set password",
    completeRegistration: "Complete registration",
    createAdmin: "Create admin",
    invalid: "This link is incomplete or no longer valid. Request a new one.",
    wait: "Please wait…",
    offline: "The network connection failed. Try again.",
    noScript: "Please enable JavaScript: only the browser can read the secret in the link.",
  },
  backToLogin: "Back to log in",
  support: "Contact support",
  noAdmin: "There is no admin yet. Open the one-time link that the server printed at its start, or run",
};

/** The texts of the sign-in pages. */
export const words: Readonly<Record<Language, Words>> = { zh, en };
