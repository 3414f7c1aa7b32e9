import { expect } from "vitest";
import { jifenWith } from "./jifen-command.ts";

/**
 * Runs a command in English by --lang, and in Chinese by the language of the shell, and expects that no sentence of the other
 * language is in the output. `LANG` in a word is replaced with the language.
 */
export async function expectBothLanguages(databaseUrl: string, words: readonly string[]): Promise<void> {
  const env = { DATABASE_URL: databaseUrl, LANG: "zh_CN.UTF-8" };
  const typed = (language: string) => words.map((word) => word.replace("LANG", language));
  const [english, chinese] = await Promise.all([
    jifenWith(env, ...typed("en"), "--lang", "en"),
    jifenWith(env, ...typed("zh")),
  ]);
  expect(english.stdout + english.stderr).toMatch(/^\P{Script=Han}+$/u);
  expect(chinese.stdout + chinese.stderr).toMatch(/\p{Script=Han}/u);
  const sentences = /[A-Z][a-z]+ [a-z]+ [a-z]+|\b(is|was|the|there|must)\b/;
  expect(chinese.stdout + chinese.stderr).not.toMatch(sentences);
}
