import type { Language } from "@jifen/contract";
import type { PageName } from "./groups.ts";

/** The texts of the documentation in one language. */
export type Words = {
  readonly title: string;
  readonly intro: string;
  readonly other: string;
  readonly skip: string;
  readonly contents: string;
  readonly search: string;
  readonly searchButton: string;
  readonly all: string;
  readonly nothing: string;
  readonly otherPage: Readonly<Record<PageName, string>>;
  readonly tools: string;
  readonly copy: string;
  readonly copied: string;
  readonly forModels: string;
  readonly anyone: string;
  readonly everyUser: string;
  readonly scope: string;
  readonly otherScope: string;
  readonly noKey: string;
  readonly pagesOnly: string;
  readonly idempotent: string;
  readonly streamOnly: string;
  readonly request: string;
  readonly path: string;
  readonly required: string;
  readonly byDefault: string;
  readonly mayBeAbsent: string;
  readonly answer: string;
  readonly isObject: string;
  readonly isPage: string;
  readonly noFields: string;
  readonly forms: string;
  readonly errors: string;
  readonly commonErrors: string;
  readonly objects: string;
  readonly objectsIntro: string;
  readonly errorTable: string;
  readonly errorIntro: string;
  readonly everyOperation: string;
  readonly withCredential: string;
  readonly withBody: string;
};

const zh: Words = {
  title: "Jifen 积分 API",
  intro: "AI 产品的积分、调用日志与计费。",
  other: "English",
  skip: "跳到正文",
  contents: "目录",
  search: "搜索接口",
  searchButton: "搜索",
  all: "显示全部",
  nothing: "没有匹配的接口。",
  otherPage: { docs: "员工与运维的接口", "docs-staff": "网站与用户的接口" },
  tools: "示例代码",
  copy: "复制",
  copied: "已复制",
  forModels: "供语言模型阅读",
  anyone: "无需凭证",
  everyUser: "任何用户",
  scope: "服务密钥权限",
  otherScope: "或",
  noKey: "不接受服务密钥",
  pagesOnly: "仅限本服务器页面的浏览器会话",
  idempotent: "幂等",
  streamOnly: "流式响应，仅 REST",
  request: "请求",
  path: "路径",
  required: "必填",
  byDefault: "，默认 ",
  mayBeAbsent: "可能没有",
  answer: "响应",
  isObject: "一个 ",
  isPage: "列表（`items`、`nextCursor`），每项是 ",
  noFields: "没有字段。",
  forms: "内容类型：",
  errors: "错误",
  commonErrors: "共有错误",
  objects: "对象",
  objectsIntro: "多个接口的响应中出现的对象。",
  errorTable: "错误码",
  errorIntro: "按 code 判断错误；message 供用户阅读，语言由 Accept-Language 决定。",
  everyOperation: "任何接口：",
  withCredential: "任何需要凭证的接口：",
  withBody: "任何带请求体的接口：",
};

const en: Words = {
  title: "Jifen API",
  intro: "Credits, call logs and billing for AI products.",
  other: "中文",
  skip: "Skip to content",
  contents: "Contents",
  search: "Search operations",
  searchButton: "Search",
  all: "Show all",
  nothing: "No operation matches.",
  otherPage: { docs: "Operations of staff and operators", "docs-staff": "Operations of sites and users" },
  tools: "Samples in",
  copy: "Copy",
  copied: "Copied",
  forModels: "for language models",
  anyone: "no credential needed",
  everyUser: "any user",
  scope: "scope of service keys",
  otherScope: "or",
  noKey: "no service key",
  pagesOnly: "only sessions of browsers on pages of this server",
  idempotent: "idempotent",
  streamOnly: "a stream, in REST only",
  request: "Request",
  path: "path",
  required: "required",
  byDefault: ", by default ",
  mayBeAbsent: "may be absent",
  answer: "Answer",
  isObject: "One ",
  isPage: "A page, `items` and `nextCursor`, of ",
  noFields: "No fields.",
  forms: "Content types: ",
  errors: "Errors",
  commonErrors: "common errors",
  objects: "Objects",
  objectsIntro: "Objects that the answers of several operations have.",
  errorTable: "Error codes",
  errorIntro: "Programs decide by code. The message is for users, in the language of Accept-Language.",
  everyOperation: "Any operation:",
  withCredential: "Any operation with a credential:",
  withBody: "Any operation with a body:",
};

/** The texts of the documentation. */
export const words: Readonly<Record<Language, Words>> = { zh, en };
