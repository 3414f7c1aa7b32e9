import { defineCommand } from "citty";
import { catalogueIn, fileArgument } from "./catalogue-file.ts";
import { init } from "./catalogue-init.ts";
import { price } from "./catalogue-price.ts";
import { diff, publish } from "./catalogue-publish.ts";
import { t } from "./language.ts";
import { jsonArgument, print } from "./print.ts";

const check = defineCommand({
  meta: {
    name: "check",
    description: t({
      en: "Checks a catalogue: every combination has a price, no price is 0 by accident, no row is out of reach.",
      zh: "检查目录：每个组合都有价格，没有意外的 0 价格，没有用不到的行。",
    }),
  },
  args: { file: fileArgument, json: jsonArgument },
  run: async ({ args: { file, json } }) => {
    const found = await catalogueIn(file);
    if (!found) return;
    const { actions, packs } = found.catalogue;
    const counts = { actions: actions.length, packs: packs.length };
    const text = t({
      en: `The catalogue has no problems: ${counts.actions} actions, ${counts.packs} packs.`,
      zh: `目录没有问题：${counts.actions} 个操作，${counts.packs} 个套餐。`,
    });
    print(json, { ok: true, ...counts }, text);
  },
});

/** `jifen catalogue`: writes, checks, compares and publishes prices and packs. */
export const catalogue = defineCommand({
  meta: {
    name: "catalogue",
    description: t({ en: "Checks and publishes prices and packs.", zh: "检查和发布价格和套餐。" }),
  },
  subCommands: { init, check, price, diff, publish },
});
