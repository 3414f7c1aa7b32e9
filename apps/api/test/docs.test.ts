import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { type Operation, operations, refusals, streams } from "@jifen/contract";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { groups, pageNames } from "../src/http/docs/groups.ts";
import { sampleInputs } from "../src/http/docs/samples/inputs.ts";
import { shownAnswers } from "./docs-answers.ts";
import { preludeOf, type ShownOperation, shownOperations } from "./docs-page.ts";
import { type Server, startServer } from "./start-server.ts";

/** What a reader waits for, before compression. A page that grows beyond it should be divided. */
const MAX_BYTES = 300 * 1_024;

const described = [operations, streams].flatMap((table) =>
  Object.entries(table as Readonly<Record<string, Readonly<Record<string, Operation>>>>).flatMap(([noun, verbs]) =>
    Object.entries(verbs).map(([verb, operation]) => ({ name: `${noun}.${verb}`, noun, operation })),
  ),
);

const languages = ["zh", "en"] as const;

const pageOf = (name: string) => groups.find(({ nouns }) => nouns.includes(name.split(".")[0] ?? ""))?.page;

let server: Server;
const pages = new Map<string, string>();
beforeAll(async () => {
  server = await startServer("sqlite");
  for (const language of languages) {
    for (const name of pageNames) {
      const response = await fetch(`${server.api.url}/${name}`, { headers: { "accept-language": language } });
      pages.set(`${name} ${language}`, await response.text());
    }
  }
});
afterAll(() => server?.stop());
const page = (language: string, name: (typeof pageNames)[number] = "docs"): string =>
  pages.get(`${name} ${language}`) ?? "";
const onBothPages = (language: string): readonly ShownOperation[] =>
  pageNames.flatMap((name) => shownOperations(page(language, name)));

describe("the groups of the documentation", () => {
  test("every noun of the contract is in exactly one group of the documentation", () => {
    const nouns = [...new Set(described.map(({ noun }) => noun))];
    expect(groups.flatMap((group) => group.nouns).toSorted()).toEqual(nouns.toSorted());
  });
});

describe("the samples of the documentation", () => {
  test.each(described)(
    "the sample input of $name is valid, and its answer is one of its output",
    ({ name, operation }) => {
      const input = operation.input.safeParse(sampleInputs[name]);
      expect(input.error?.issues ?? []).toEqual([]);
      const answer = shownAnswers()[name];
      if ((operation as { kind: string }).kind === "stream") return expect(answer).toEqual(expect.any(String));
      expect(operation.output.safeParse(answer).error?.issues ?? []).toEqual([]);
    },
  );

  test("there are no samples of operations that do not exist", () => {
    const names = new Set(described.map(({ name }) => name));
    expect([...Object.keys(sampleInputs), ...Object.keys(shownAnswers())].filter((name) => !names.has(name))).toEqual(
      [],
    );
  });
});

describe.each(languages)("/docs in %s", (language) => {
  let shown: readonly ShownOperation[];
  beforeAll(() => {
    shown = onBothPages(language);
  });

  test(`the pages in ${language} have every operation once with method, path, summary, access, fields, samples, answer and errors`, () => {
    expect(shown.map(({ name }) => name).toSorted()).toEqual(described.map(({ name }) => name).toSorted());
    for (const { name, operation } of described) {
      const { html, samples, answer } = shown.find((each) => each.name === name) as ShownOperation;
      const { method, path } = operation.rest;
      expect(html).toMatch(new RegExp(`>${method}</b><code>${path.replaceAll(/[{}]/g, "\\$&")}</code>`));
      const summary = operation.summary[language].replaceAll(/`([^`]*)`/g, "<code>$1</code>");
      expect(html).toContain(`<span>${summary}</span>`);
      if (operation.caller !== "anyone" && operation.caller.scope !== null) {
        expect(html).toContain(`<code>${operation.caller.scope}</code>`);
      }
      for (const field of Object.keys((operation.input as { shape?: object }).shape ?? {})) {
        expect(html).toMatch(new RegExp(`<dt>${field}[ <]`));
      }
      for (const code of operation.refusals) expect(html).toContain(`${refusals[code].status} ${code}`);
      for (const sample of Object.values(samples)) expect(sample.length).toBeGreaterThan(10);
      expect(samples.curl).toContain(server.api.url);
      expect(answer.length).toBeGreaterThan(1);
    }
  });

  test.each(pageNames)(`/%s in ${language} has less than 300 KB before compression, and one language only`, (name) => {
    const text = page(language, name);
    expect(Buffer.byteLength(text)).toBeLessThan(MAX_BYTES);
    expect(text).toContain(`<html lang="${language === "en" ? "en" : "zh-CN"}"`);
    expect(text.includes("Not enough credits")).toBe(language === "en");
    expect(text.includes("积分不足")).toBe(language === "zh");
  });

  test.each(pageNames)(
    `the links inside of /%s in ${language} have a target, and every code of an error has one`,
    (name) => {
      const text = page(language, name);
      const ids = new Set([...text.matchAll(/ id="?([^" >]+)/g)].map(([, id]) => id));
      const links = [...text.matchAll(/href="?#([^" >]+)/g)].map(([, id]) => id);
      expect(links.length).toBeGreaterThan(100);
      expect(links.filter((id) => !ids.has(id))).toEqual([]);
      expect(Object.keys(refusals).filter((code) => !ids.has(code))).toEqual([]);
    },
  );
});

test("/docs keeps the language of its link in the cookie, and comes back to the page", async () => {
  const response = await fetch(`${server.api.url}/docs?language=en`, { redirect: "manual" });
  expect({ status: response.status, location: response.headers.get("location") }).toEqual({
    status: 303,
    location: "docs",
  });
  expect(response.headers.get("set-cookie")).toMatch(/^jifen_language=en; /);
  const english = await fetch(`${server.api.url}/docs`, {
    headers: { cookie: "jifen_language=en", "accept-language": "zh" },
  });
  expect(await english.text()).toBe(page("en"));
});

test("/docs searches without a script: only the operations with every word are on the page", async () => {
  const found = async (words: string) => {
    const response = await fetch(`${server.api.url}/docs?q=${encodeURIComponent(words)}`, {
      headers: { "accept-language": "en" },
    });
    expect(response.headers.get("cache-control")).toBe("no-store");
    return shownOperations(await response.text()).map(({ name }) => name);
  };
  expect(await found("POST  Consume")).toEqual(["credits.consume", "quotes.create"]);
  expect(await found("<script>alert(1)</script>")).toEqual([]);
});

test("/docs allows its own style and script only, and no script makes markup of text", async () => {
  const { headers } = await fetch(`${server.api.url}/docs`);
  expect(headers.get("content-security-policy")).toMatch(
    /^default-src 'none'; style-src 'sha256-[^']+'; script-src 'sha256-[^']+'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'$/,
  );
  expect(page("en")).not.toMatch(/<img|@import|url\(|innerHTML| on[a-z]+="/);
});

describe("the documentation for language models", () => {
  test("/llms.txt links every operation, and /llms-full.txt has each with its sample and its errors", async () => {
    const read = async (path: string) => {
      const response = await fetch(`${server.api.url}${path}`);
      expect(response.headers.get("content-type")).toBe("text/markdown; charset=UTF-8");
      return response.text();
    };
    const [list, full] = [await read("/llms.txt"), await read("/llms-full.txt")];
    expect(list).toMatch(/^# Jifen\n\n> /);
    for (const { name, operation } of described) {
      const { method, path } = operation.rest;
      expect(list).toContain(
        `- [${method} ${path}](${server.api.url}/${pageOf(name)}#${name}): ${operation.summary.en}`,
      );
      expect(full).toContain(`### ${method} ${path}\n`);
      for (const code of operation.refusals) expect(full).toContain(code);
    }
    expect(Buffer.byteLength(list)).toBeLessThan(30 * 1_024);
    expect(Buffer.byteLength(full)).toBeLessThan(MAX_BYTES);
  });
});

describe("the samples of other tools", () => {
  const folders: string[] = [];
  afterAll(() => {
    for (const folder of folders) rmSync(folder, { recursive: true });
  });
  const folderIn = (place: string): string => {
    const folder = mkdtempSync(join(place, "docs-samples-"));
    folders.push(folder);
    return folder;
  };

  test("the TypeScript samples compile with the types of the client", { timeout: timeLimit(180) }, () => {
    // Inside of the package, where the client is found.
    const folder = folderIn(join(import.meta.dirname, "../node_modules"));
    const calls = onBothPages("en").map(({ samples }) => `{\n${samples.typescript}\n}`);
    writeFileSync(join(folder, "samples.ts"), [preludeOf(page("en"), "typescript"), ...calls].join("\n"));
    const tsconfig = {
      extends: join(import.meta.dirname, "../../../tsconfig.base.json"),
      compilerOptions: {
        composite: false,
        noEmit: true,
        noUnusedLocals: false,
        lib: ["es2024", "dom", "dom.iterable"],
      },
      files: ["samples.ts"],
    };
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify(tsconfig));
    writeFileSync(join(folder, "package.json"), JSON.stringify({ type: "module" }));
    const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
    const { stdout, status } = spawnSync(process.execPath, [tsc, "-p", folder], { encoding: "utf8" });
    expect({ stdout, status }).toEqual({ stdout: "", status: 0 });
  });

  const hasPhp = spawnSync("php", ["--version"]).status === 0;
  if (!hasPhp) console.warn("SKIPPED: the PHP samples are not checked, because php is not installed.");
  test.skipIf(!hasPhp)("PHP can parse its samples", () => {
    const file = join(folderIn(tmpdir()), "samples.php");
    const calls = onBothPages("en").map(({ samples }) => samples.php);
    writeFileSync(file, [preludeOf(page("en"), "php"), ...calls].join("\n"));
    expect(spawnSync("php", ["-l", file], { encoding: "utf8" })).toMatchObject({ status: 0 });
  });
});
