import type { Wording } from "@jifen/contract";
import { defineCommand } from "citty";
import type { Finding } from "../modules/health/finding.ts";
import { runDoctor } from "../modules/health/use-cases/run-doctor.ts";
import { t } from "./language.ts";
import { jsonArgument, print } from "./print.ts";
import { serverSettings } from "./with-database.ts";

const symbols: Readonly<Record<Finding["state"], string>> = { ok: "✓", warning: "!", error: "✗" };

const toText = ({ state, about, message, remedy }: Finding): string => {
  const steps = remedy === undefined ? [] : t(remedy).split("\n");
  return [`${symbols[state]} ${about}: ${t(message)}`, ...steps.map((step) => `    → ${step}`)].join("\n");
};

/** JSON for programs has both languages, whatever the language of the shell. */
const bothLanguages = ({ en, zh }: Wording): string => (en === zh ? en : `${en} ${zh}`);
const toJson = ({ message, remedy, ...finding }: Finding) => ({
  ...finding,
  message: bothLanguages(message),
  ...(remedy && { remedy: bothLanguages(remedy) }),
});

/** `jifen doctor`: exit code 1 for an error. */
export const doctor = defineCommand({
  meta: {
    name: "doctor",
    description: t({
      en: "Checks settings, database, clock, Redis, mail and payment channels, and says how to correct errors.",
      zh: "检查配置、数据库、时钟、Redis、邮件和支付渠道，并说明如何修复。",
    }),
  },
  args: { json: jsonArgument },
  run: async ({ args: { json } }) => {
    const findings = await runDoctor(serverSettings);
    const ok = findings.every(({ state }) => state !== "error");
    const verdict = ok
      ? t({ en: "No errors were found.", zh: "未发现错误。" })
      : t({ en: "Errors were found.", zh: "发现错误。" });
    print(json, { ok, findings: findings.map(toJson) }, `${findings.map(toText).join("\n")}\n${verdict}`);
    if (!ok) process.exitCode = 1;
  },
});
