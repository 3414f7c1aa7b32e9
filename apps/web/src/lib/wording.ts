import type { Language } from "@jifen/client";

const zh = {
  title: "积分",
  tagline: "查看余额，使用积分",
  email: "邮箱",
  password: "密码",
  login: "登录",
  loggingIn: "正在登录…",
  logout: "退出登录",
  otherLanguage: "English",
  balance: "可用积分",
  unit: "积分",
  chooseOffer: "选择要使用的功能",
  spend: "使用",
  spending: "正在处理…",
  nothingYet: "选择一项功能后，结果会显示在这里。",
  insufficient: "积分不足",
  notDone: "未完成",
  history: "本次操作记录",
  historyEmpty: "还没有操作。",
  logged: "已写入日志",
  notLogged: "日志未写入",
  loginAgain: "重新登录",
  notFound: "没有这个页面",
  backHome: "返回首页",
  spent: (name: string, amount: number, balance: number) => `${name}：已使用 ${amount} 积分，剩余 ${balance} 积分。`,
  missing: ({ balance, required }: Shortage) =>
    `需要 ${required} 积分，余额 ${balance} 积分，还差 ${required - balance} 积分。`,
  price: (amount: number) => `${amount} 积分`,
  held: (amount: number) => `另有 ${amount} 积分已预扣，任务完成后结算`,
  greeting: (name: string) => `你好，${name}`,
};

type Shortage = { readonly balance: number; readonly required: number };

const en: typeof zh = {
  title: "Jifen",
  tagline: "See your balance, spend your credits",
  email: "E-mail",
  password: "Password",
  login: "Log in",
  loggingIn: "Logging in…",
  logout: "Log out",
  otherLanguage: "中文",
  balance: "Available credits",
  unit: "credits",
  chooseOffer: "What would you like to use?",
  spend: "Use",
  spending: "Working…",
  nothingYet: "Choose an action; the result appears here.",
  insufficient: "Not enough credits",
  notDone: "not completed",
  history: "Recent actions",
  historyEmpty: "No actions yet.",
  logged: "logged",
  notLogged: "not logged",
  loginAgain: "Log in again",
  notFound: "Page not found",
  backHome: "Back to home",
  spent: (name, amount, balance) => `${name}: ${amount} credits used, ${balance} left.`,
  missing: ({ balance, required }) =>
    `${required} credits are required. Your balance is ${balance}: ${required - balance} credits are missing.`,
  price: (amount) => (amount === 1 ? "1 credit" : `${amount} credits`),
  held: (amount) => `${amount} more credits are held for running jobs`,
  greeting: (name) => `Hello, ${name}`,
};

/** The texts of these pages. */
export type Words = typeof zh;

const words: Readonly<Record<Language, Words>> = { zh, en };

/** The texts in one language. */
export const wordsOf = (language: Language): Words => words[language];

/** The language tag for the `lang` attribute. */
export const htmlLanguage = (language: Language): string => (language === "zh" ? "zh-CN" : "en");
