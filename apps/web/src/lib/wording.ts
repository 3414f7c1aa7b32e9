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
  chooseOffer: "选择要使用的功能",
  spend: "使用",
  nothingYet: "选择一项功能后，结果会显示在这里。",
  historyTitle: "积分明细",
  notFound: "没有这个页面",
  backHome: "返回首页",
  menu: "页面",
  pages: { home: "首页", generate: "生成", topUp: "充值", orders: "订单", history: "明细" },
  spent: (name: string, amount: number, balance: number) => `${name}：已使用 ${amount} 积分，剩余 ${balance} 积分。`,
  price: (amount: number) => `${amount} 积分`,
  greeting: (name: string) => `你好，${name}`,
};

const en: typeof zh = {
  title: "Jifen",
  tagline: "See your balance, spend your credits",
  email: "E-mail",
  password: "Password",
  login: "Log in",
  loggingIn: "Logging in…",
  logout: "Log out",
  otherLanguage: "中文",
  chooseOffer: "What would you like to use?",
  spend: "Use",
  nothingYet: "Choose an action; the result appears here.",
  historyTitle: "History",
  notFound: "Page not found",
  backHome: "Back to home",
  menu: "Pages",
  pages: { home: "Home", generate: "Generate", topUp: "Top up", orders: "Orders", history: "History" },
  spent: (name, amount, balance) => `${name}: ${amount} credits used, ${balance} left.`,
  price: (amount) => (amount === 1 ? "1 credit" : `${amount} credits`),
  greeting: (name) => `Hello, ${name}`,
};

/** The texts of these pages. */
export type Words = typeof zh;

const words: Readonly<Record<Language, Words>> = { zh, en };

/** The texts in one language. */
export const wordsOf = (language: Language): Words => words[language];

/** The language tag for the `lang` attribute. */
export const htmlLanguage = (language: Language): string => (language === "zh" ? "zh-CN" : "en");
