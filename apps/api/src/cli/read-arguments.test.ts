import { describe, expect, test } from "vitest";
import { declaredBy } from "./declared-arguments.ts";
import { readArguments } from "./read-arguments.ts";

const declared = declaredBy("jifen move", {
  from: { type: "positional" },
  to: { type: "positional", required: false },
  reason: { type: "string", required: true },
  "expires-at": { type: "string" },
  source: { type: "string", default: "admin" },
  force: { type: "boolean", default: false },
});
const read = (...words: string[]) => readArguments(words, declared);
const textOf = (...words: string[]) => {
  const outcome = read(...words);
  return outcome.ok ? outcome.value : outcome.refusal.en;
};

describe("arguments of a command", () => {
  test("readArguments returns options, arguments and defaults by name", () => {
    const values = { from: "a", to: "b", reason: "x", source: "admin", force: true };
    expect(textOf("a", "--reason", "x", "b", "--force")).toEqual({ asks: "run", values });
    expect(textOf("--reason=x", "--force", "--", "a", "b")).toEqual({ asks: "run", values });
  });

  test.each([
    { words: ["--", "-5", "--reason"], values: { from: "-5", to: "--reason" } },
    { words: ["a", "b=c"], values: { from: "a", to: "b=c" } },
    { words: ["-"], values: { from: "-" } },
    { words: ["--", "—a"], values: { from: "—a" } },
  ])("readArguments accepts the unusual arguments $words", ({ words, values }) => {
    expect(textOf("--reason=--force", ...words)).toEqual({
      asks: "run",
      values: { ...values, reason: "--force", source: "admin", force: false },
    });
  });

  test.each([
    { words: ["a", "--help"], asks: "help" },
    { words: ["-h"], asks: "help" },
    { words: ["--version", "--unknown"], asks: "version" },
    { words: ["-v"], asks: "version" },
  ])("$words asks for $asks, whatever else is missing or wrong", ({ words, asks }) => {
    expect(textOf(...words)).toEqual({ asks });
  });

  test.each([
    { words: ["--expires", "2030"], says: "no option --expires: did you mean --expires-at?" },
    { words: ["--expiresAt=2030"], says: "no option --expiresAt: did you mean --expires-at?" },
    { words: ["--EXPIRES-AT=2030"], says: "did you mean --expires-at?" },
    { words: ["--reson", "x"], says: "did you mean --reason?" },
    { words: ["-reason", "x"], says: "no option -reason: did you mean --reason?" },
    { words: ["--no-force"], says: "no option --no-force: did you mean --force?" },
    { words: ["-f"], says: "no option -f: it has --reason, --expires-at" },
    { words: ["--constructor"], says: "no option --constructor" },
    { words: ["--__proto__=x"], says: "no option --__proto__" },
    { words: ["--password=secret"], says: "no option --password: it has" },
    { words: ["--from=a"], says: "FROM is written without a name, as in jifen move FROM --reason REASON" },
    { words: ["--reason"], says: "--reason needs a value." },
    { words: ["--reason", "--force"], says: "--reason needs a value; if --force is the value, type --reason=--force" },
    { words: ["--reason", "-5"], says: "type --reason=-5" },
    { words: ["--reason="], says: "The value of --reason is empty." },
    { words: ["--reason", ""], says: "The value of --reason is empty." },
    { words: ["", "--reason=x"], says: "The value of FROM is empty." },
    { words: ["--force=yes"], says: "--force takes no value: remove =yes" },
    { words: ["--force="], says: "--force takes no value" },
    { words: ["--reason=x", "--reason=y"], says: "--reason is given more than once" },
    { words: ["--force", "--force"], says: "--force is given more than once" },
    { words: ["--lang=fr"], says: "--lang is zh or en, not fr." },
    { words: ["—reason", "x"], says: "a dash that is not the ASCII hyphen" },
    { words: ["a", "–5"], says: "a dash that is not the ASCII hyphen" },
    { words: ["−5"], says: "a dash that is not the ASCII hyphen" },
    { words: ["a", "b", "c", "--reason=x"], says: 'The argument "c" is superfluous' },
    { words: ["a", "b", "", "--reason=x"], says: 'The argument "" is superfluous' },
    { words: ["a", "b", "source=x", "--reason=x"], says: "type --source=x" },
    { words: ["--reason=x"], says: "FROM is missing: jifen move FROM --reason REASON" },
    { words: ["a"], says: "--reason is missing" },
  ])("$words is refused: $says", ({ words, says }) => {
    expect(textOf(...words)).toContain(says);
  });

  test("a refusal does not repeat the value of an unknown option, which may be a secret", () => {
    expect(textOf("--password=tr0ub4dor")).not.toContain("tr0ub4dor");
  });
});
