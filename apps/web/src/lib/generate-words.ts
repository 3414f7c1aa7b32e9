import type { Language } from "@jifen/client";

const zh = {
  title: "按目录价格生成",
  intro: "价格来自目录：先报价，再预扣，完成后按实际用量结算，多扣的退回。本示例不会真的生成内容。",
  action: "功能",
  generate: "生成",
  nothing: "目录里还没有定价的功能",
  nothingHint: "管理员可以用 jifen catalogue 命令发布价格目录。",
  result: "结果",
  noResult: "生成后，这里会显示预扣和结算的积分。",
  failed: "没有生成成功，积分已退回。",
  priceChanged: "价格已变动，没有扣费。请按新价格重新生成。",
  ended: "这次生成已经结束，结果不再保存。实际扣费见明细。",
  held: "预扣",
  used: "实际用量",
  captured: "收取",
  released: "退回",
  balance: "余额",
};

const en: typeof zh = {
  title: "Generate by the catalogue",
  intro:
    "The price is that of the catalogue: quoted, held, and settled by what was used; the rest returns. This example does not really generate anything.",
  action: "Action",
  generate: "Generate",
  nothing: "The catalogue prices no action yet",
  nothingHint: "Admins publish a catalogue with the command jifen catalogue.",
  result: "Result",
  noResult: "After a run, the held and charged credits are shown here.",
  failed: "The work failed. The credits have returned.",
  priceChanged: "The price has changed. Nothing was charged; generate again at the new price.",
  ended: "This run has already ended, and its result is no longer kept. The history shows what it charged.",
  held: "Held",
  used: "Used",
  captured: "Charged",
  released: "Returned",
  balance: "Balance",
};

const words: Readonly<Record<Language, typeof zh>> = { zh, en };

/** The texts of the page that generates by the catalogue. */
export const generateWordsOf = (language: Language): typeof zh => words[language];

/** Names that this site has for actions and parameters of the example catalogue. */
const names: Readonly<Record<string, Readonly<Record<Language, string>>>> = {
  text_to_video: { zh: "文字生成视频", en: "Text to video" },
  model: { zh: "模型", en: "Model" },
  resolution: { zh: "分辨率", en: "Resolution" },
  seconds: { zh: "时长（秒）", en: "Seconds" },
};

/** The name of an action or a parameter; one that this site does not know is named as in the catalogue. */
export const nameOf = (name: string, language: Language): string => names[name]?.[language] ?? name;
