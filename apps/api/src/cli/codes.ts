import { operations } from "@jifen/contract";
import type { CodeBatch } from "@jifen/database";
import { defineCommand } from "citty";
import { toBatch } from "../modules/billing/code-batches/to-batch.ts";
import { endCodes } from "../modules/billing/use-cases/end-codes.ts";
import { makeCodes } from "../modules/billing/use-cases/make-codes.ts";
import { t } from "./language.ts";
import { createOperator } from "./operator.ts";
import { jsonArgument, parseInput, print, printRefusal } from "./print.ts";
import { wholeNumber } from "./whole-number.ts";
import { withDatabase } from "./with-database.ts";

const PAGE_SIZE = 100;

const reasonArgument = {
  type: "string",
  description: t({ en: "Why; recorded in the audit log.", zh: "原因，写入审计日志。" }),
  required: true,
} as const;

/** A whole number that can be left out. */
const optionalNumber = <Name extends string>(name: Name, text: string | undefined) =>
  text === undefined ? {} : { [name]: wholeNumber(text) };

const make = defineCommand({
  meta: {
    name: "make",
    description: t({
      en: "Makes redemption codes and prints them, one a line. They cannot be read again.",
      zh: "生成积分码并打印，每行一个。之后无法再次查看。",
    }),
  },
  args: {
    name: {
      type: "positional",
      description: t({ en: "What they are for; users see it.", zh: "用途，用户可见。" }),
      required: true,
    },
    codes: { type: "string", description: t({ en: "How many codes.", zh: "积分码个数。" }), required: true },
    credits: {
      type: "string",
      description: t({ en: "Whole credits of each redemption.", zh: "每次兑换的积分（整数）。" }),
      required: true,
    },
    reason: reasonArgument,
    "valid-days": {
      type: "string",
      description: t({
        en: "Days until the credits of a redemption expire. Default: never.",
        zh: "兑换所得积分的有效天数，不填则永不到期。",
      }),
    },
    "max-uses": {
      type: "string",
      description: t({ en: "How many users can redeem one code.", zh: "每个积分码可被多少用户兑换。" }),
      default: "1",
    },
    "max-per-user": {
      type: "string",
      description: t({ en: "How many of the codes one user can redeem.", zh: "每个用户最多兑换几个。" }),
      default: "1",
    },
    from: {
      type: "string",
      description: t({ en: "ISO 8601: valid from this time on.", zh: "生效时间（ISO 8601）。" }),
    },
    until: {
      type: "string",
      description: t({ en: "ISO 8601: valid before this time.", zh: "失效时间（ISO 8601）。" }),
    },
    "price-group": {
      type: "string",
      description: t({ en: "Only users of this price group can redeem.", zh: "仅限该价格组的用户兑换。" }),
    },
    json: jsonArgument,
  },
  run: ({ args: { name, codes, credits, reason, from, until, json, ...args } }) => {
    const input = parseInput(operations.codeBatches.make.input, {
      ...{ name, reason, codes: wholeNumber(codes), credits: wholeNumber(credits) },
      ...optionalNumber("validDays", args["valid-days"]),
      ...optionalNumber("maxUsesPerCode", args["max-uses"]),
      ...optionalNumber("maxPerUser", args["max-per-user"]),
      ...(from !== undefined && { from }),
      ...(until !== undefined && { until }),
      ...(args["price-group"] !== undefined && { priceGroup: args["price-group"] }),
    });
    if (!input) return;
    return withDatabase(async (database, settings) => {
      const operator = createOperator(database, settings);
      const made = await makeCodes(operator, input, operator.by);
      if (!made.ok) return printRefusal(made.refusal);
      const { batch } = made.value;
      print(json, { batch: toBatch(batch), codes: made.value.codes }, made.value.codes.join("\n"));
    });
  },
});

const stateText = ({ endedAtMs, claims, size, maxUsesPerCode }: CodeBatch): string => {
  const uses = t({
    en: `redeemed ${claims} of ${size * maxUsesPerCode}`,
    zh: `已兑换 ${claims}/${size * maxUsesPerCode}`,
  });
  return endedAtMs === null ? uses : `${uses}, ${t({ en: "ended", zh: "已作废" })}`;
};

const groupText = ({ priceGroup }: CodeBatch): string =>
  priceGroup === null ? "" : t({ en: `, for ${priceGroup}`, zh: `，限 ${priceGroup}` });

const list = defineCommand({
  meta: {
    name: "list",
    description: t({ en: "Lists batches of redemption codes, newest first.", zh: "列出积分码批次，最新的在前。" }),
  },
  args: { json: jsonArgument },
  run: ({ args: { json } }) =>
    withDatabase(async (database) => {
      const batches: CodeBatch[] = [];
      for (let before: string | undefined; ; before = batches.at(-1)?.id) {
        const page = await database.codes.batches({ limit: PAGE_SIZE, before });
        batches.push(...page);
        if (page.length < PAGE_SIZE) break;
      }
      const lines = batches.map(
        (batch) => `${batch.id}  ${batch.credits}  ${stateText(batch)}${groupText(batch)}  ${batch.name}`,
      );
      const none = t({ en: "No codes.", zh: "没有积分码。" });
      print(json, { items: batches.map(toBatch) }, lines.length === 0 ? none : lines.join("\n"));
    }),
});

const end = defineCommand({
  meta: {
    name: "end",
    description: t({
      en: "Makes all codes of a batch invalid; credits that were granted stay.",
      zh: "作废一批积分码，已发放的积分不受影响。",
    }),
  },
  args: {
    batch: { type: "positional", description: t({ en: "The id of the batch.", zh: "批次 ID。" }), required: true },
    reason: reasonArgument,
    json: jsonArgument,
  },
  run: ({ args: { batch: batchId, reason, json } }) => {
    const input = parseInput(operations.codeBatches.end.input, { batchId, reason });
    if (!input) return;
    return withDatabase(async (database, settings) => {
      const operator = createOperator(database, settings);
      const ended = await endCodes(operator, input, operator.by);
      if (!ended.ok) return printRefusal(ended.refusal);
      print(json, { batch: toBatch(ended.value) }, t({ en: `Ended ${batchId}.`, zh: `已作废 ${batchId}。` }));
    });
  },
});

/** `jifen codes …` */
export const codes = defineCommand({
  meta: { name: "codes", description: t({ en: "Redemption codes.", zh: "积分码。" }) },
  subCommands: { make, list, end },
});
