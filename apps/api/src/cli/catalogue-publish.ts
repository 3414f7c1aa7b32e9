import type { Changes } from "@jifen/billing";
import { operations } from "@jifen/contract";
import { defineCommand } from "citty";
import { compareCatalogue } from "../modules/billing/use-cases/compare-catalogues.ts";
import { createCatalogue } from "../modules/billing/use-cases/create-catalogue.ts";
import { publishCatalogue } from "../modules/billing/use-cases/publish-catalogue.ts";
import { isoTimeOrNull } from "../values/iso-time.ts";
import { parseTime } from "../values/parse-time.ts";
import { catalogueIn, fileArgument } from "./catalogue-file.ts";
import { t } from "./language.ts";
import { createOperator } from "./operator.ts";
import { jsonArgument, parseInput, print, printRefusal } from "./print.ts";
import { withDatabase } from "./with-database.ts";

/** `jifen catalogue diff`: what a file changes compared with the catalogue in force. */
export const diff = defineCommand({
  meta: {
    name: "diff",
    description: t({
      en: "Prints what a catalogue changes, compared with the one in force.",
      zh: "与正在生效的目录比较，列出变化。",
    }),
  },
  args: { file: fileArgument, json: jsonArgument },
  run: async ({ args: { file, json } }) => {
    const found = await catalogueIn(file);
    if (!found) return;
    await withDatabase(async (database) => {
      const compared = await compareCatalogue({ database }, found.catalogue, undefined);
      if (!compared.ok) return printRefusal(compared.refusal);
      const { against, actions, packs, multipliers } = compared.value;
      const head =
        against === null
          ? t({ en: "No catalogue is in force.", zh: "当前没有生效的目录。" })
          : t({ en: `Compared with version ${against}:`, zh: `与版本 ${against} 比较：` });
      const lines = [
        ...linesOf(actions, t({ en: "action", zh: "操作" })),
        ...linesOf(packs, t({ en: "pack", zh: "套餐" })),
        ...(multipliers ? [`  ~ ${t({ en: "multipliers", zh: "倍率" })}`] : []),
      ];
      const none = t({ en: "  Nothing changes.", zh: "  没有变化。" });
      print(json, compared.value, [head, ...(lines.length > 0 ? lines : [none])].join("\n"));
    });
  },
});

const linesOf = ({ added, removed, changed }: Changes, noun: string): readonly string[] => [
  ...added.map((name) => `  + ${noun} ${name}`),
  ...removed.map((name) => `  - ${noun} ${name}`),
  ...changed.map((name) => `  ~ ${noun} ${name}`),
];

/** `jifen catalogue publish`: stores a file as a new version and publishes it; the server may be running or not. */
export const publish = defineCommand({
  meta: {
    name: "publish",
    description: t({
      en: "Publishes a catalogue. It is in force at least 60 seconds later, on all servers at the same time.",
      zh: "发布目录。至少 60 秒后在所有服务器上同时生效。",
    }),
  },
  args: {
    file: fileArgument,
    reason: {
      type: "string",
      description: t({ en: "Why; recorded in the audit log.", zh: "原因，写入审计日志。" }),
      required: true,
    },
    "effective-from": {
      type: "string",
      description: t({
        en: "From when it is in force, ISO 8601; as soon as possible if left out.",
        zh: "生效时间（ISO 8601），不填则尽快生效。",
      }),
      valueHint: "2027-01-01T00:00:00+08:00",
    },
    json: jsonArgument,
  },
  run: async ({ args: { file, reason, "effective-from": effectiveFrom, json } }) => {
    const found = await catalogueIn(file);
    if (!found) return;
    const draft = parseInput(operations.adminCatalogues.create.input, { document: found.document });
    const publishing = parseInput(operations.adminCatalogues.publish.input.omit({ version: true }), {
      reason,
      ...(effectiveFrom !== undefined && { effectiveFrom }),
    });
    if (!draft || !publishing) return;
    await withDatabase(async (database, settings) => {
      const { by, ...operator } = createOperator(database, settings);
      // No server of this process has the versions in memory.
      const deps = { ...operator, catalogues: { forget: () => undefined } };
      const made = await createCatalogue(deps, draft, by);
      if (!made.ok) return printRefusal(made.refusal);
      const { version } = made.value;
      const effectiveFromMs = parseTime(publishing.effectiveFrom);
      const published = await publishCatalogue(deps, { version, effectiveFromMs, reason: publishing.reason }, by);
      if (!published.ok) return printRefusal(published.refusal);
      const from = isoTimeOrNull(published.value.effectiveFromMs);
      const text = t({ en: `Version ${version} is in force from ${from}.`, zh: `版本 ${version} 自 ${from} 起生效。` });
      print(json, { version, effectiveFrom: from }, text);
    });
  },
});
