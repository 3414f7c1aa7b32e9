import { writeFile } from "node:fs/promises";
import { defineCommand } from "citty";
import { t } from "./language.ts";
import { jsonArgument, print, printError } from "./print.ts";

/** A small catalogue with one of each kind of thing, to be edited. */
const example = {
  actions: [
    {
      action: "text_to_video",
      params: {
        model: { kind: "choice", values: ["standard", "pro"], default: "standard" },
        seconds: { kind: "quantity", min: "1", max: "60", step: "1", settles: true },
      },
      rows: [
        { when: { model: ["standard"] }, per: [{ unit: "seconds", micro: 1_000_000 }], minimum: 5 },
        { when: { model: ["pro"] }, base: 2_000_000, per: [{ unit: "seconds", micro: 2_500_000 }] },
      ],
    },
  ],
  multipliers: [{ group: "vip", ppm: 900_000 }],
  packs: [
    {
      ...{ id: "p100", title: { zh: "100 积分", en: "100 credits" }, credits: 100, bonusCredits: 10 },
      prices: [
        { currency: "CNY", minor: 990 },
        { currency: "USD", minor: 149 },
      ],
    },
    {
      ...{
        id: "p500",
        title: { zh: "500 积分", en: "500 credits" },
        credits: 500,
        bonusCredits: 100,
        bonusValidDays: 90,
      },
      prices: [
        { currency: "CNY", minor: 4_500 },
        { currency: "USD", minor: 699 },
      ],
    },
  ],
};

/** `jifen catalogue init`: writes a catalogue to begin with. A file that exists stays as it is. */
export const init = defineCommand({
  meta: {
    name: "init",
    description: t({ en: "Writes an example of a catalogue, to be edited.", zh: "生成一个示例目录文件，供修改。" }),
  },
  args: {
    file: {
      type: "positional",
      description: t({ en: "The file to write.", zh: "要生成的文件。" }),
      default: "catalogue.json",
    },
    json: jsonArgument,
  },
  run: async ({ args: { file, json } }) => {
    try {
      await writeFile(file, `${JSON.stringify(example, null, 2)}\n`, { flag: "wx" });
    } catch (error) {
      const exists = (error as NodeJS.ErrnoException).code === "EEXIST";
      const there = { en: `The file ${file} exists already.`, zh: `文件 ${file} 已存在。` };
      printError(t(exists ? there : { en: `The file ${file} cannot be written.`, zh: `无法写入文件 ${file}。` }));
      return;
    }
    const next = `jifen catalogue check ${file}`;
    print(
      json,
      { file },
      t({ en: `Wrote ${file}. Edit it, then: ${next}`, zh: `已生成 ${file}。修改后运行：${next}` }),
    );
  },
});
