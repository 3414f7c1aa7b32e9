import { DEFAULT_GROUP, type GivenParams, type Price, priceOf } from "@jifen/billing";
import type { Wording } from "@jifen/contract";
import { defineCommand } from "citty";
import { catalogueIn, fileArgument, parseJson } from "./catalogue-file.ts";
import { t } from "./language.ts";
import { jsonArgument, print, printError } from "./print.ts";

/** `jifen catalogue price`: computes a price by a file, without a database. */
export const price = defineCommand({
  meta: {
    name: "price",
    description: t({ en: "Prints what an action costs by a catalogue.", zh: "按目录计算一次操作的价格。" }),
  },
  args: {
    file: fileArgument,
    action: { type: "positional", description: t({ en: "The action.", zh: "操作。" }), required: true },
    params: {
      type: "string",
      description: t({ en: "The parameters as JSON.", zh: "参数（JSON）。" }),
      valueHint: '{"seconds":5}',
      default: "{}",
    },
    group: {
      type: "string",
      description: t({ en: "The price group of the user.", zh: "用户的价格组。" }),
      default: DEFAULT_GROUP,
    },
    json: jsonArgument,
  },
  run: async ({ args: { file, action, params, group, json } }) => {
    const found = await catalogueIn(file);
    if (!found) return;
    const given = parseJson(params);
    if (typeof given !== "object" || given === null || Array.isArray(given)) {
      printError(t({ en: "--params must be a JSON object.", zh: "--params 必须是 JSON 对象。" }));
      return;
    }
    const priced = priceOf(found.catalogue, { action, group, params: given as GivenParams, nowMs: Date.now() });
    if (!priced.ok) {
      printError(`${priced.refusal.code}: ${t(refusalWording(priced.refusal))}`);
      return;
    }
    const { credits, lines } = priced.value;
    print(json, { credits, lines }, toText(priced.value));
  },
});

type NotPriced = Extract<ReturnType<typeof priceOf>, { readonly ok: false }>["refusal"];

function refusalWording(refusal: NotPriced): Wording {
  switch (refusal.code) {
    case "ACTION_NOT_PRICED":
      return { en: "The catalogue has no such action.", zh: "目录中没有这个操作。" };
    case "PARAMS_NOT_PRICED": {
      const { path, allowed } = refusal;
      const values = allowed.join(", ");
      return { en: `${path} must be one of: ${values}.`, zh: `${path} 必须是以下之一：${values}。` };
    }
    case "PRICE_TOO_HIGH":
      return { en: `The price is above ${refusal.limit} credits.`, zh: `价格超过 ${refusal.limit} 积分。` };
    default:
      return refusal satisfies never;
  }
}

/** A price as a list of its lines and its sum. */
const toText = ({ credits, lines }: Price): string =>
  [
    ...lines.map(({ what, quantity, credits: part }) => `  ${what} × ${quantity} = ${part}`),
    t({ en: `${credits} credits`, zh: `${credits} 积分` }),
  ].join("\n");
