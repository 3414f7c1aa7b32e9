import { execFile } from "node:child_process";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { root } from "../tidy/sources.ts";
import { documents, isChinese, type Sample, samplesOf } from "./documents.ts";
import { prelude, siteFiles } from "./prelude.ts";

/** The sites of this guide need two versions of one package: `authjs-guide.slow.test.ts` builds, type-checks and runs both. */
const builtElsewhere = "docs/guides/authjs.md";

// A Chinese document has the samples of the English one: `translations.test.ts`.
const samples = documents
  .filter((document) => !isChinese(document) && document !== builtElsewhere)
  .flatMap((document) => samplesOf(document, "ts", "tsx"));

/** Where the packages are that samples import: the package of this repository that depends on each. */
const packages: Readonly<Record<string, string>> = {
  "@jifen/client": "apps/web",
  next: "apps/web",
  react: "apps/web",
  "@types/node": "apps/web",
  "@types/react": "apps/web",
  stripe: "packages/gateways",
};

const compilerOptions = {
  strict: true,
  noEmit: true,
  target: "es2023",
  lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"],
  module: "esnext",
  moduleResolution: "bundler",
  moduleDetection: "force",
  jsx: "react-jsx",
  types: ["node"],
  skipLibCheck: true,
  paths: { "@/*": ["./docs/guides/react.md/*"] },
};

const pathOf = ({ document, line, language, path }: Sample) => `${document}/${path ?? `line-${line}.${language}`}`;

let folder: string;
let output = "";
beforeAll(async () => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), "jifen-samples-")));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  };
  for (const [name, dependent] of Object.entries(packages)) {
    mkdirSync(dirname(join(folder, "node_modules", name)), { recursive: true });
    symlinkSync(join(root, dependent, "node_modules", name), join(folder, "node_modules", name));
  }
  for (const [path, text] of Object.entries(siteFiles)) write(path, text);
  for (const sample of samples) write(pathOf(sample), sample.code);
  write("prelude.d.ts", prelude);
  const include = ["prelude.d.ts", "docs/**/*", "packages/**/*", "*.md/**/*"];
  write("tsconfig.json", JSON.stringify({ compilerOptions, include }));
  const tsc = join(dirname(createRequire(import.meta.url).resolve("typescript/package.json")), "bin/tsc");
  const compile = promisify(execFile)(process.execPath, [tsc, "-p", "."], { cwd: folder, encoding: "utf8" });
  output = (await compile.catch((error: { stdout: string }) => error)).stdout;
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test.each(samples)("the sample at $place type-checks against the built client", (sample) => {
  const errors = output.split("\n").filter((line) => line.startsWith(`${pathOf(sample)}(`));
  expect(errors).toEqual([]);
});

test("the compiler finds nothing wrong beside the samples", () => {
  const places = samples.map((sample) => `${pathOf(sample)}(`);
  const others = output
    .split("\n")
    .filter((line) => /error TS/.test(line) && !places.some((at) => line.startsWith(at)));
  expect(others).toEqual([]);
});
