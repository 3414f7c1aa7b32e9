import { readFileSync } from "node:fs";
import {
  bodyRefusals,
  callerRefusals,
  commonRefusals,
  type RefusalCode,
  type RefusalSpec,
  refusalFixes,
  refusals,
} from "@jifen/contract";
import { operationsWith, refusalCodes } from "./api.ts";
import {
  code,
  generatedNote,
  type Language,
  otherLanguage,
  type Page,
  page,
  pathOf,
  table,
  type Wording,
} from "./markdown.ts";

const words = {
  title: { en: "Errors", zh: "错误码" },
  intro: {
    en: [
      "Every error is a JSON object with `message` (for people, in the language of `Accept-Language`, or else of the setting",
      "`MESSAGE_LANGUAGE`), `code` (for programs, stable) and `requestId` (the log has the rest under it). With `Accept: application/problem+json` the same",
      "members come as problem details (RFC 9457). In tRPC the object is `error.data.app`.",
      "",
      "Every 4xx and 503 means that the request had **no effect**, with one exception: `OUTCOME_UNKNOWN` means zero or one effect,",
      "and a retry with the same idempotency key settles it. No response at all means the same as `OUTCOME_UNKNOWN`.",
    ].join("\n"),
    zh: [
      "所有错误都是一个 JSON 对象：`message`（给人看，语言由 `Accept-Language` 决定，没有时用配置 `MESSAGE_LANGUAGE`）、`code`（给程序用，不会变）和 `requestId`（用它在日志中查找详情）。",
      "请求头为 `Accept: application/problem+json` 时，同样的内容以 RFC 9457 格式返回。在 tRPC 中该对象是 `error.data.app`。",
      "",
      "所有 4xx 和 503 都表示请求**没有生效**，唯一的例外是 `OUTCOME_UNKNOWN`：生效了零次或一次，用同一个幂等键重试即可确定。没有收到响应时与 `OUTCOME_UNKNOWN` 相同。",
    ].join("\n"),
  },
  status: { en: "status", zh: "状态码" },
  meaning: { en: "meaning", zh: "含义" },
  message: { en: "Message", zh: "消息" },
  fix: { en: "Fix", zh: "处理方法" },
  more: { en: "More fields", zh: "更多字段" },
  from: { en: "Returned by", zh: "返回它的操作" },
  every: { en: "every operation", zh: "所有操作" },
  callers: { en: "every operation with a credential", zh: "所有需要凭证的操作" },
  bodies: { en: "every operation with a body", zh: "所有带请求体的操作" },
  before: { en: "the server, before an operation is chosen", zh: "服务器，在确定操作之前" },
} as const satisfies Record<string, Wording>;

/** The fields that a refusal carries beside its code: they exist as a type only, so they are read from its source. */
function moreFields(): ReadonlyMap<string, string> {
  const source = readFileSync("packages/contract/src/refusal-details.ts", "utf8");
  const body = /export type RefusalDetails = \{\n([\s\S]*?)\n\};/.exec(source)?.[1];
  if (body === undefined) throw new Error("packages/contract/src/refusal-details.ts has no type RefusalDetails");
  const fields = [...body.matchAll(/^ {2}([A-Z_]+): \{ (.*) \};$/gm)];
  return new Map(fields.map(([, name = "", text = ""]) => [name, text]));
}

function sourcesOf(refusal: RefusalCode, language: Language): string {
  const isIn = (list: readonly RefusalCode[]) => list.includes(refusal);
  const groups = [
    ...(isIn(commonRefusals) ? [words.every[language]] : []),
    ...(isIn(callerRefusals) ? [words.callers[language]] : []),
    ...(isIn(bodyRefusals) ? [words.bodies[language]] : []),
  ];
  const all = [...groups, ...operationsWith(refusal).map(code)];
  return all.length === 0 ? words.before[language] : all.join(", ");
}

/** The reference of all refusal codes, from the refusal table. */
export function errorsPage(language: Language): Page {
  const details = moreFields();
  const specs = refusalCodes.map((refusal) => ({ refusal, spec: refusals[refusal] as RefusalSpec }));
  const sorted = specs.toSorted((one, other) => one.spec.status - other.spec.status);
  const sections = sorted.map(({ refusal, spec }) =>
    page(
      `### ${refusal}`,
      [
        `- ${spec.status}${spec.retryAfterSeconds === undefined ? "" : `, \`Retry-After: ${spec.retryAfterSeconds}\``}`,
        `- ${words.message[language]}: ${spec.en}. ${spec.zh}。`,
        `- ${words.fix[language]}: ${refusalFixes[refusal][language]}`,
        ...(details.has(refusal) ? [`- ${words.more[language]}: \`${details.get(refusal)}\``] : []),
        `- ${words.from[language]}: ${sourcesOf(refusal, language)}`,
      ].join("\n"),
    ).trimEnd(),
  );
  return {
    path: pathOf("errors", language),
    text: page(
      generatedNote("packages/contract/src/refusals.ts"),
      `# ${words.title[language]}`,
      otherLanguage("errors", language),
      words.intro[language],
      table(
        [words.status[language], "code", words.meaning[language]],
        sorted.map(({ refusal, spec }) => [
          `${spec.status}`,
          `[${code(refusal)}](#${refusal.toLowerCase()})`,
          spec[language],
        ]),
      ),
      ...sections,
    ),
  };
}
