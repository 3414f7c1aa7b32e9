import { settingTable } from "../../apps/api/src/settings/settings.ts";
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
  title: { en: "Configuration", zh: "配置" },
  intro: {
    en: [
      "Environment variables. In development all of them are optional. The server does not start with invalid settings: one message",
      "lists every problem. `npm start`, `npm run dev` and the command line also read `.env`.",
      "",
      "- An empty variable counts as unset.",
      "- **Secrets** (🔒) can be given as a file: `JWT_SECRET_FILE` holds the path of a file with the value of `JWT_SECRET`.",
      "- Generate a secret with `npm run --silent jifen -- secret new`. To replace one, move the old value to `JWT_SECRET_1`: existing",
      "  sessions stay valid.",
    ].join("\n"),
    zh: [
      "全部通过环境变量配置，开发时都可以不设。配置有误时服务器不启动，并一次列出所有错误。`npm start`、`npm run dev` 和命令行也会读取 `.env`。",
      "",
      "- 空变量等同于未设置。",
      "- **密钥类变量**（🔒）可以写在文件里：`JWT_SECRET_FILE` 填写存有 `JWT_SECRET` 的文件路径。",
      "- 用 `npm run --silent jifen -- secret new` 生成密钥。更换密钥时把旧值移到 `JWT_SECRET_1`，已有会话保持有效。",
    ].join("\n"),
  },
  variable: { en: "variable", zh: "变量" },
  value: { en: "value", zh: "取值" },
  fallback: { en: "default", zh: "默认值" },
  description: { en: "description", zh: "说明" },
} as const satisfies Record<string, Wording>;

/** A text that is the same in both languages is a value, and is set as code. */
const shown = (wording: Wording | undefined, language: Language): string => {
  if (wording === undefined) return "";
  return wording.en === wording.zh ? code(wording.en) : wording[language];
};

/** The reference of all settings, from their declarations in the modules. */
export function configurationPage(language: Language): Page {
  const head = [words.variable, words.value, words.fallback, words.description].map((each) => each[language]);
  const rows = Object.entries(settingTable).map(([name, setting]) => [
    `${code(name)}${setting.isSecret ? " 🔒" : ""}`,
    shown(setting.type, language),
    shown(setting.default, language),
    setting.description[language],
  ]);
  return {
    path: pathOf("configuration", language),
    text: page(
      generatedNote("the settings.ts of each module in apps/api"),
      `# ${words.title[language]}`,
      otherLanguage("configuration", language),
      words.intro[language],
      table(head, rows),
    ),
  };
}
