import type { Wording } from "@jifen/contract";
import { defineCommand } from "citty";
import { examine } from "../modules/health/doctor/examine.ts";
import type { Finding } from "../modules/health/doctor/finding.ts";
import { t } from "./language.ts";
import { jsonArgument, print } from "./print.ts";
import { serverSettings } from "./with-database.ts";

const signs: Readonly<Record<Finding["state"], string>> = { fine: "✓", warning: "!", wrong: "✗" };

const lineOf = ({ state, about, says, remedy }: Finding): string =>
  [
    `${signs[state]} ${about}: ${t(says)}`,
    ...(remedy === undefined
      ? []
      : t(remedy)
          .split("\n")
          .map((each) => `    → ${each}`)),
  ].join("\n");

/** For programs: the same whoever runs it, in both languages. */
const inBoth = ({ en, zh }: Wording): string => (en === zh ? en : `${en} ${zh}`);
const written = ({ says, remedy, ...finding }: Finding) => ({
  ...finding,
  says: inBoth(says),
  ...(remedy && { mend: inBoth(remedy) }),
});

/** `jifen doctor`: exit code 1 when something is wrong. */
export const doctor = defineCommand({
  meta: {
    name: "doctor",
    description: t({
      en: "Checks settings, database, clock, Redis and mail, and says how to mend what is wrong.",
      zh: "检查配置、数据库、时钟、Redis 和邮件，并说明如何修复。",
    }),
  },
  args: { json: jsonArgument },
  run: async ({ args: { json } }) => {
    const findings = await examine(serverSettings);
    const isWrong = findings.some(({ state }) => state === "wrong");
    const verdict = isWrong
      ? t({ en: "Something is wrong.", zh: "存在问题。" })
      : t({ en: "All is well.", zh: "一切正常。" });
    print(json, { ok: !isWrong, findings: findings.map(written) }, `${findings.map(lineOf).join("\n")}\n${verdict}`);
    if (isWrong) process.exitCode = 1;
  },
});
