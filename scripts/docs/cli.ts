import { execFileSync } from "node:child_process";
import type { CommandTree } from "./cli-tree.ts";
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
  title: { en: "Command line", zh: "命令行" },
  intro: {
    en: [
      "```sh",
      "npm run --silent jifen -- COMMAND",
      "```",
      "",
      "Commands work on the database that `DATABASE_URL` names, whether or not a server runs on it, with the settings of the server",
      "([configuration](configuration.md); `.env` is read). What they change is in the audit log with the actor `operator`. Every",
      "command has `--help`; `--json` prints the result for programs; `--lang zh` or `--lang en` sets the output language.",
      "A command with an option or an argument that it does not know does nothing and exits with 1.",
      "",
      "Results go to standard output, errors and progress to standard error.",
    ].join("\n"),
    zh: [
      "```sh",
      "npm run --silent jifen -- COMMAND",
      "```",
      "",
      "命令作用于 `DATABASE_URL` 指定的数据库，无论服务器是否在运行，并使用与服务器相同的配置（[配置](configuration.md)，会读取 `.env`）。所做的更改以",
      "`operator` 的名义记入审计日志。每个命令都有 `--help`；`--json` 输出供程序使用的结果；`--lang zh` 或 `--lang en` 指定输出语言。",
      "含有未知选项或多余参数的命令不会执行，退出码为 1。",
      "",
      "结果写到标准输出，错误和进度写到标准错误。",
    ].join("\n"),
  },
  usage: { en: "Exit codes", zh: "退出码" },
  argument: { en: "argument", zh: "参数" },
  required: { en: "required", zh: "必填" },
  fallback: { en: "default", zh: "默认值" },
  description: { en: "description", zh: "说明" },
  yes: { en: "yes", zh: "是" },
} as const satisfies Record<string, Wording>;

/** Exit codes of a command that says more than success and failure. */
const exitCodes: Readonly<Record<string, Wording>> = {
  "jifen audit": {
    en: "0: no differences. 1: differences, or the audit could not run.",
    zh: "0：没有差异。1：有差异，或无法核账。",
  },
  "jifen doctor": { en: "0: no errors. 1: at least one error.", zh: "0：没有错误。1：至少有一个错误。" },
  "jifen import": {
    en: "0: both sides are equal and the audit finds no differences. 1: anything else.",
    zh: "0：两侧一致且核账没有差异。1：其他情况。",
  },
  "jifen migrate": {
    en: "0: the schema is current. 1: a migration failed or, with `--check`, is due.",
    zh: "0：数据库结构是最新的。1：升级失败，或使用 `--check` 时需要升级。",
  },
};
const commonExitCodes: Wording = {
  en: "0: done. 1: not done; standard error says why.",
  zh: "0：已完成。1：未完成，原因见标准错误。",
};

function treeIn(language: Language): CommandTree {
  const args = ["--conditions=@jifen/source", "scripts/docs/cli-tree.ts", "--lang", language];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: "utf8" })) as CommandTree;
}

const leavesOf = (tree: CommandTree): readonly CommandTree[] =>
  tree.commands.length === 0 ? [tree] : tree.commands.flatMap(leavesOf);

type Argument = CommandTree["args"][number];

const argumentName = ({ name, type, valueHint }: Argument): string => {
  if (type === "positional") return name.toUpperCase();
  return type === "boolean" ? `--${name}` : `--${name} ${valueHint ?? name.replaceAll("-", "_").toUpperCase()}`;
};

function usageOf({ name, args }: CommandTree): string {
  const shown = args.map((argument) => {
    const text = argumentName(argument);
    return argument.required === true || (argument.type === "positional" && argument.required !== false)
      ? text
      : `[${text}]`;
  });
  return ["```", [name, ...shown].join(" "), "```"].join("\n");
}

function sectionOf(command: CommandTree, language: Language): string {
  const rows = command.args.map((argument) => [
    code(argumentName(argument)),
    argument.required === true ? words.yes[language] : "",
    argument.default === undefined || argument.default === false ? "" : code(`${argument.default}`),
    argument.description ?? "",
  ]);
  const head = [words.argument, words.required, words.fallback, words.description].map((each) => each[language]);
  const exits = exitCodes[command.name];
  return page(
    `## ${command.name}`,
    command.description,
    usageOf(command),
    table(head, rows),
    exits ? `${words.usage[language]}: ${exits[language]}` : "",
  ).trimEnd();
}

/** The reference of the command line, from the commands. */
export function cliPage(language: Language): Page {
  return {
    path: pathOf("cli", language),
    text: page(
      generatedNote("apps/api/src/cli"),
      `# ${words.title[language]}`,
      otherLanguage("cli", language),
      words.intro[language],
      `${words.usage[language]}: ${commonExitCodes[language]}`,
      ...leavesOf(treeIn(language)).map((command) => sectionOf(command, language)),
    ),
  };
}
