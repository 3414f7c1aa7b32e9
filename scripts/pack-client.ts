// Packs @jifen/client with the parts of @jifen/contract and @jifen/core that it needs, so that one archive installs with
// any package manager: node scripts/pack-client.ts FOLDER
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const packages = fileURLToPath(new URL("../packages/", import.meta.url));
const target = resolve(process.argv[2] ?? "packed");
const work = mkdtempSync(join(tmpdir(), "jifen-pack-"));

type Manifest = { version: string; dependencies: Record<string, string> };

/** Packs one package as it would be published, and unpacks it. @returns its folder */
function unpacked(name: string): string {
  const folder = join(work, name);
  mkdirSync(folder);
  const cwd = join(packages, name);
  execFileSync("npx", ["--yes", "pnpm@12.21.0", "pack", "--pack-destination", folder], { cwd, stdio: "ignore" });
  const [archive = ""] = readdirSync(folder);
  execFileSync("tar", ["-xzf", archive], { cwd: folder });
  return join(folder, "package");
}
const manifestOf = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));

const [client, contract, core] = [unpacked("client"), unpacked("contract"), unpacked("core")];
cpSync(join(contract, "dist"), join(client, "dist/contract"), { recursive: true });
cpSync(join(core, "dist"), join(client, "dist/core"), { recursive: true });

/** Makes the imports of the two packages relative. */
for (const path of readdirSync(join(client, "dist"), { recursive: true, encoding: "utf8" })) {
  if (!/\.(js|ts)$/.test(path)) continue;
  const file = join(client, "dist", path);
  const toInner = (name: string, part: string | undefined) => {
    const inner = join(client, "dist", name, `${part ?? "index"}.js`);
    return `./${relative(dirname(file), inner).replaceAll("\\", "/")}`;
  };
  const text = readFileSync(file, "utf8").replaceAll(
    /(?<=["'])@jifen\/(contract|core)(?:\/([\w-]+))?(?=["'])/g,
    (_, name: string, part?: string) => toInner(name, part),
  );
  writeFileSync(file, text);
}

const { "@jifen/contract": _, ...dependencies } = manifestOf(client).dependencies;
const { "@jifen/core": __, ...ofContract } = manifestOf(contract).dependencies;
const manifest = { ...manifestOf(client), dependencies: { ...dependencies, ...ofContract } };
writeFileSync(join(client, "package.json"), `${JSON.stringify(manifest, null, 2)}\n`);
mkdirSync(target, { recursive: true });
execFileSync("npm", ["pack", "--silent", "--pack-destination", target], { cwd: client, stdio: "ignore" });
rmSync(work, { recursive: true });
console.log(join(target, `jifen-client-${manifest.version}.tgz`));
