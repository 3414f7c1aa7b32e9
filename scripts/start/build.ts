/**
 * Builds the server, its client and its console, unless neither sources nor results have changed since the last start.
 * Types are not checked, which takes most of the time: checking is what `npm test` does.
 */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { stripTypeScriptTypes } from "node:module";
import { dirname, join, resolve } from "node:path";
import { readStamp, writeStamp } from "./stamp.mjs";

/** The packages of the server alone, each from `src` to `dist`. */
const serverPackages = ["ledger", "billing", "gateways", "database"]
  .map((name) => `packages/${name}`)
  .concat("apps/api");

/** The packages of the client, which sites install from the server: the compiler writes their types too. */
const clientPackages = ["packages/core", "packages/contract", "packages/client"];

const packages = [...clientPackages, ...serverPackages];

/** What the types of the client name, which a production install links for the console alone. */
const peersOfClient = ["@tanstack/react-query", "@types/react", "react"];

/** Everything else that a build reads. The console is built from the sources of the client. */
const otherInputs = [
  "pnpm-lock.yaml",
  "tsconfig.base.json",
  ...clientPackages.map((folder) => `${folder}/tsconfig.json`),
  "scripts/start/*",
  "packages/database/{prisma/models.prisma,scripts/*.ts}",
  "apps/console/{*.ts,index.html,public/**,src/**}",
];

const isSource = (file: string): boolean => !/\.test\.ts$|[\\/]generated[\\/]/.test(file) && statSync(file).isFile();

const sourcesOf = (folder: string): string[] =>
  globSync(join(folder, "src/**/*.{ts,json}")).filter((file) => !file.endsWith(".test.ts"));

function digest(parts: readonly (string | Buffer)[]): string {
  const hash = createHash("sha256");
  for (const part of parts) hash.update(part).update("\0");
  return hash.digest("hex");
}

function digestOfSources(): string {
  const patterns = [...packages.map((folder) => `${folder}/src/**`), ...otherInputs];
  const files = globSync(patterns).filter(isSource).toSorted();
  return digest(files.flatMap((file) => [file, readFileSync(file)]));
}

/** By size and time: another build, such as that of `npm test`, has other ones. */
function digestOfResults(): string {
  const files = globSync([
    ...packages.map((folder) => `${folder}/dist/**/*.{js,d.ts}`),
    "apps/console/dist/**",
  ]).toSorted();
  return digest(files.map((file) => `${file} ${statSync(file).size} ${statSync(file).mtimeMs}`));
}

/** As `tsc` does: an import of a TypeScript file becomes one of what it is built to. */
const toBuiltImports = (code: string): string =>
  code.replaceAll(/((?:\bfrom|\bimport)\s*\(?\s*["']\.[^"'\n]*)\.ts(?=["'])/g, "$1.js");

function buildPackage(folder: string): void {
  const written = new Set<string>();
  for (const file of sourcesOf(folder)) {
    const target = join(folder, "dist", file.slice(join(folder, "src").length).replace(/\.ts$/, ".js"));
    mkdirSync(dirname(target), { recursive: true });
    const code = readFileSync(file, "utf8");
    writeFileSync(target, file.endsWith(".json") ? code : toBuiltImports(stripTypeScriptTypes(code)));
    written.add(target);
  }
  for (const file of globSync(`${folder}/dist/**/*`)) if (statSync(file).isFile() && !written.has(file)) rmSync(file);
  // Otherwise `tsc` would take these results for its own.
  rmSync(join(folder, "tsconfig.tsbuildinfo"), { force: true });
}

function buildClient(): void {
  for (const folder of clientPackages) {
    // The compiler leaves what an older source was compiled to.
    rmSync(join(folder, "dist"), { recursive: true, force: true });
    rmSync(join(folder, "tsconfig.tsbuildinfo"), { force: true });
  }
  for (const name of peersOfClient) {
    const link = join("packages/client/node_modules", name);
    if (existsSync(link)) continue;
    mkdirSync(dirname(link), { recursive: true });
    symlinkSync(resolve("apps/console/node_modules", name), link, "junction");
  }
  runNode("packages/client", ["../../apps/console/node_modules/typescript/bin/tsc", "-b", "--noCheck"]);
}

function runNode(folder: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: "utf8" });
  if (status === 0) return;
  process.stderr.write(`${stdout}${stderr}\nThe build has failed; see above. 构建失败，原因见上。\n`);
  process.exit(1);
}

/** Node says that removing types is experimental: not news for a person who starts a server. */
function withoutWarnings(work: () => void): void {
  const { emitWarning } = process;
  process.emitWarning = () => undefined;
  work();
  process.emitWarning = emitWarning;
}

export function build(): void {
  const sources = digestOfSources();
  const stamp = readStamp();
  if (stamp["sources"] === sources && stamp["results"] === digestOfResults()) return;
  process.stdout.write("Building 构建 …\n");
  runNode("packages/database", ["scripts/generate.ts"]);
  buildClient();
  withoutWarnings(() => {
    for (const folder of serverPackages) buildPackage(folder);
  });
  runNode("apps/console", ["node_modules/vite/bin/vite.js", "build", "--logLevel", "warn"]);
  writeStamp({ sources, results: digestOfResults() });
}
