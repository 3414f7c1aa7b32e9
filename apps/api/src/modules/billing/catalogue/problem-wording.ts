import type { Problem, ProblemCode } from "@jifen/billing";
import type { Wording } from "@jifen/contract";

/** What each problem of a catalogue is, and what would be right. `%` stands for the detail. */
const wordings: Readonly<Record<ProblemCode, Wording>> = {
  NAME_REPEATED: { zh: "% 重复；每个名称只能出现一次", en: "% is there more than once; every name must be unique" },
  NOT_A_DECIMAL: { zh: "% 不是数量的范围或小数", en: "% must be a decimal or a range of decimals" },
  RANGE_EMPTY: {
    zh: "没有可用的值（%）：min 不能大于 max，max 必须是 step 的倍数，起始时间必须早于结束时间",
    en: "has no value (%): min must not exceed max, max must be a multiple of step, from must be before to",
  },
  DEFAULT_NOT_ALLOWED: { zh: "默认值 % 不在允许的值中", en: "the default % is none of the allowed values" },
  PARAMS_TOO_LONG: {
    zh: "参数名和最长取值合计 % 字节，最多 400 字节；请缩短取值",
    en: "names and longest values of the parameters have % bytes together, at most 400 are possible; shorten the values",
  },
  UNKNOWN_PARAM: { zh: "没有参数 %", en: "there is no parameter %" },
  UNKNOWN_CHOICE: { zh: "参数没有取值 %", en: "the parameter has no value %" },
  NOT_A_QUANTITY: { zh: "% 不是数量参数", en: "% is no quantity" },
  TIERS_NOT_RISING: {
    zh: "各档的 upTo 必须递增，且只有最后一档没有 upTo（%）",
    en: "upTo must rise from tier to tier, and only the last tier has none (%)",
  },
  COMBINATION_WITHOUT_PRICE: {
    zh: "这个组合没有价格：%；请添加一行价格，或在 closed 中声明不出售",
    en: "this combination has no price: %; add a row, or list it in closed",
  },
  TOO_MANY_COMBINATIONS: {
    zh: "组合过多：%（最多 100000）",
    en: "there are too many combinations: % (at most 100000)",
  },
  ROW_NEVER_REACHED: {
    zh: "永远不会用到这一行：前面的行已覆盖，请调整顺序或删除",
    en: "this row is never used, because rows before it fit first; move or remove it",
  },
  PRICE_CAN_BE_ZERO: {
    zh: "这一行的价格可能为 0：请设置 base 或 minimum，或写明 free: true",
    en: "this row can cost 0 credits; set base or minimum, or write free: true",
  },
  FREE_WITH_PRICE: { zh: "免费的行不能再有价格", en: "a free row cannot have a price" },
  PRICE_TOO_HIGH: {
    zh: "价格最高可达 % 积分，超过单次扣费上限",
    en: "a price of up to % credits is more than one command can take",
  },
  UNKNOWN_ACTION: { zh: "目录中没有操作 %", en: "the catalogue has no action %" },
  TOO_MANY_MULTIPLIERS: { zh: "同时生效的倍率超过 % 个", en: "more than % multipliers count at the same time" },
  CURRENCY_REPEATED: { zh: "货币 % 有多个价格", en: "the currency % has more than one price" },
  TITLE_NOT_ALLOWED: {
    zh: "标题 % 含有支付渠道不接受的字符：& = / % + 或控制字符",
    en: "the title % has a sign that payment channels do not accept: & = / % + or a control character",
  },
};

/** A problem in words. */
export function wordingOf({ problem, detail }: Problem): Wording {
  const { zh, en } = wordings[problem];
  const fill = (text: string) => text.replace("%", () => detail);
  return { zh: fill(zh), en: fill(en) };
}
