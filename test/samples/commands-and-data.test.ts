import { execFileSync } from "node:child_process";
import { Script } from "node:vm";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { operations, streams } from "../../packages/contract/src/index.ts";
import { read } from "../tidy/sources.ts";
import { documents, samplesOf } from "./documents.ts";

const manifest = JSON.parse(read("package.json")) as { scripts: Record<string, string>; packageManager: string };
const profiles: readonly string[] = Object.values(
  (parse(read("compose.yaml")) as { services: Record<string, { profiles?: string[] }> }).services,
).flatMap((service) => service.profiles ?? []);

/** `command` of each group of commands on the page of the command line: `jifen grant` → the text about it. */
const commands = new Map(
  read("docs/cli.md")
    .split(/^## (?=jifen )/m)
    .slice(1)
    .map((section): [string, string] => [section.slice(0, section.indexOf("\n")), section]),
);

const endpoints = [...Object.values(operations), ...Object.values(streams)]
  .flatMap((noun) => Object.values(noun))
  .flatMap(({ rest }) => (rest ? [`${rest.method} ${rest.path.replaceAll(/\{[^}]+\}/g, "*")}`] : []));

/** Files that every server has, beside its endpoints. */
const served = ["GET /client.tgz"];

/** The commands of a sample: one line each, without comments. */
const linesOf = (code: string): readonly string[] =>
  code
    .replaceAll(/(?<=^|\s)#\s.*$/gm, "")
    .replaceAll(/\\\n\s*/g, "")
    .split("\n")
    .filter((line) => line.trim() !== "");

/** What is wrong with the options and the name of a command of Jifen. */
function flawsOfJifen(line: string): readonly string[] {
  const [, call = ""] = /\bjifen -- (.*)$/.exec(line.replace(/ > \S+$/, "")) ?? [];
  const words = call.split(/\s+/);
  const name = [2, 1].map((count) => `jifen ${words.slice(0, count).join(" ")}`).find((each) => commands.has(each));
  if (words[0] === "COMMAND") return [];
  if (name === undefined) return [`no command: ${call}`];
  const isKnown = (option = "") => new RegExp(`\`${option}[ \`]`).test(commands.get(name) ?? "");
  return words.filter((word) => word.startsWith("--") && !isKnown(word.split("=", 1)[0]));
}

/** What is wrong with a request of curl: its method and path have to be those of an operation. */
function flawsOfCurl(line: string): readonly string[] {
  const [, path = ""] = /(?:http:\/\/localhost:3001|\$JIFEN_URL)(\/[^\s"'?]*)/.exec(line) ?? [];
  const method = /\s(?:-d|--data)\s/.test(line) ? "POST" : "GET";
  const request = `${method} ${path.replaceAll(/\$(?:\([^)]*\)|\w+)/g, "*").replaceAll(/(?<=statements\/)[^/]+/g, "*")}`;
  return [...endpoints, ...served].includes(request) ? [] : [request];
}

/** What is wrong with the scripts of package.json that a line calls. */
function flawsOfScripts(line: string): readonly string[] {
  const calls = [...line.matchAll(/\b(?:pnpm|npm)(@\S+)? (?:--filter \S+ |run |--silent )*([\w:]+)/g)];
  return calls.flatMap(([, version, name = ""]) => {
    const isKnown = name in manifest.scripts || ["install", "add"].includes(name);
    const isPinned = version === undefined || `pnpm${version}` === manifest.packageManager;
    return [...(isKnown ? [] : [name]), ...(isPinned ? [] : [version])];
  });
}

const flawsOf = (line: string): readonly string[] => [
  ...(/\bjifen -- /.test(line) ? flawsOfJifen(line) : []),
  ...(/\bcurl\b/.test(line) && /localhost:3001|\$JIFEN_URL/.test(line) ? flawsOfCurl(line) : []),
  ...(/\b(?:pnpm|npm)\b/.test(line) ? flawsOfScripts(line) : []),
  ...[...line.matchAll(/--profile (\S+)/g)].flatMap(([, name = ""]) => (profiles.includes(name) ? [] : [name])),
];

const shell = documents.flatMap((document) => samplesOf(document, "sh", "bash"));
const data = documents.flatMap((document) => samplesOf(document, "json", "yaml"));

describe("samples of commands", () => {
  test.each(shell)(
    "the commands at $place are shell, and name scripts, options and endpoints that exist",
    ({ code }) => {
      execFileSync("bash", ["-n"], { input: code });
      expect(linesOf(code).flatMap(flawsOf)).toEqual([]);
    },
  );
});

test.each(data)("the $language at $place can be parsed", ({ language, code }) => {
  expect(language === "json" ? JSON.parse(code) : parse(code)).toBeTypeOf("object");
});

test.each(documents.flatMap((document) => samplesOf(document, "js")))(
  "the JavaScript for mongosh at $place can be parsed",
  ({ code }) => {
    expect(() => new Script(code)).not.toThrow();
  },
);

test("every sample is in a language that a test reads", () => {
  const read = ["ts", "tsx", "sh", "bash", "json", "yaml", "js"];
  // Formulas and pictures made of text; settings of nginx and journald, of which documents show parts.
  const unread = ["text", "nginx", "ini"];
  const others = documents
    .flatMap((document) => samplesOf(document))
    .filter(({ language }) => ![...read, ...unread].includes(language));
  expect(others.map(({ place, language }) => `${place} ${language}`)).toEqual([]);
});
