/** Refusals of prices and of versions of the catalogue: a part of the table of all refusals. */
export const pricingRefusals = {
  ACTION_NOT_PRICED: {
    status: 422,
    zh: "目录中没有这个操作的价格，请检查 action",
    en: "The catalogue has no price for this action; check action",
  },
  PARAMS_NOT_PRICED: {
    status: 422,
    zh: "目录中没有这些参数的价格：path 是参数，allowed 是可用的值",
    en: "The catalogue has no price for these parameters: path names one, allowed its possible values",
  },
  NOTHING_TO_CHARGE: {
    status: 422,
    zh: "价格为 0 积分，无需消费或预扣",
    en: "The price is 0 credits: there is nothing to consume or to hold",
  },
  QUOTE_EXPIRED: {
    status: 410,
    zh: "报价已过期，请重新报价",
    en: "The quote has expired; request a new one",
  },
  AMOUNT_NOT_ACCEPTED: {
    status: 422,
    zh: "这个操作由目录定价，请用 params、quote 或 usage 代替 amount",
    en: "The catalogue prices this action; send params, quote or usage instead of amount",
  },
  NOT_PRICED: {
    status: 422,
    zh: "这笔预扣不是由目录定价的，请用 amount 代替 usage",
    en: "The catalogue did not price this hold; send amount instead of usage",
  },
  CATALOGUE_NOT_FOUND: {
    status: 404,
    zh: "没有这个目录版本，请检查 version",
    en: "The catalogue has no such version; check version",
  },
  CATALOGUE_INVALID: {
    status: 422,
    zh: "目录有误，请按 issues 逐项修改",
    en: "The catalogue is not valid; correct each field in issues",
  },
  TOO_SOON: {
    status: 422,
    zh: "生效时间太早：最早为 earliest",
    en: "effectiveFrom is too soon: it must be earliest or later",
  },
  ALREADY_PUBLISHED: {
    status: 409,
    zh: "只有草稿可以发布，state 是该版本的状态；请新建草稿",
    en: "Only a draft can be published, and state says what this version is; create a new draft",
  },
  ALREADY_IN_FORCE: {
    status: 409,
    zh: "该版本已生效或将在 60 秒内生效，不能撤回；请发布另一个版本",
    en: "The version is in force, or will be within 60 seconds, so it cannot be withdrawn; publish another one",
  },
} as const;
