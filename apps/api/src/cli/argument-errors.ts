import type { Wording } from "@jifen/contract";

/** Names near what was typed, or every name where none is near. */
export type Suggestion = { readonly nearest?: string | undefined; readonly all: readonly string[] };

const suggest = ({ nearest, all }: Suggestion): Wording => {
  if (nearest !== undefined) return { en: `did you mean ${nearest}?`, zh: `是否想用 ${nearest}？` };
  return all.length === 0
    ? { en: "it has none.", zh: "它没有可用的名称。" }
    : { en: `it has ${all.join(", ")}.`, zh: `可用：${all.join("、")}。` };
};

/** What is wrong with the words of a command line, and what is right. */
export const argumentErrors = {
  noCommand: (path: string, all: readonly string[]): Wording => ({
    en: `The command is incomplete. After ${path} one of these follows: ${all.join(", ")}.`,
    zh: `命令不完整，${path} 之后应为：${all.join("、")}。`,
  }),
  unknownCommand: (word: string, path: string, suggestion: Suggestion): Wording => ({
    en: `${path} has no command "${word}": ${suggest(suggestion).en}`,
    zh: `${path} 没有命令“${word}”：${suggest(suggestion).zh}`,
  }),
  unknownOption: (word: string, path: string, suggestion: Suggestion): Wording => ({
    en: `${path} has no option ${word}: ${suggest(suggestion).en}`,
    zh: `${path} 没有选项 ${word}：${suggest(suggestion).zh}`,
  }),
  notAnOption: (word: string, name: string, usage: string): Wording => ({
    en: `${word} is not an option: ${name} is written without a name, as in ${usage}`,
    zh: `${word} 不是选项：${name} 直接按位置填写，例如 ${usage}`,
  }),
  otherDash: (word: string): Wording => ({
    en: `${word} begins with a dash that is not the ASCII hyphen. Type options as --name; an argument that begins with a dash follows --.`,
    zh: `${word} 开头的横线不是半角连字符，选项应写作 --name；确以横线开头的参数请放在 -- 之后。`,
  }),
  noValue: (option: string, next: string | undefined): Wording => ({
    en: `${option} needs a value${next === undefined ? "." : `; if ${next} is the value, type ${option}=${next}`}`,
    zh: `${option} 缺少值${next === undefined ? "。" : `；如果 ${next} 就是值，请写 ${option}=${next}`}`,
  }),
  emptyValue: (name: string): Wording => ({
    en: `The value of ${name} is empty.`,
    zh: `${name} 的值为空。`,
  }),
  flagWithValue: (option: string, value: string): Wording => ({
    en: `${option} takes no value: remove =${value}`,
    zh: `${option} 不带值，请去掉 =${value}`,
  }),
  repeated: (option: string): Wording => ({
    en: `${option} is given more than once: keep one.`,
    zh: `${option} 重复出现，只能保留一个。`,
  }),
  superfluous: (word: string, usage: string, option: string | undefined): Wording => ({
    en: `The argument "${word}" is superfluous: ${option === undefined ? `the command is ${usage}` : `type ${option}`}`,
    zh: `多余的参数“${word}”：${option === undefined ? `命令格式为 ${usage}` : `应写作 ${option}`}`,
  }),
  missing: (name: string, usage: string): Wording => ({
    en: `${name} is missing: ${usage}`,
    zh: `缺少 ${name}：${usage}`,
  }),
  unknownLanguage: (value: string): Wording => ({
    en: `--lang is zh or en, not ${value}.`,
    zh: `--lang 只能是 zh 或 en，不能是 ${value}。`,
  }),
} as const;
