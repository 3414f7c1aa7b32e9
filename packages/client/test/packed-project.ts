import { existsSync } from "node:fs";
import { copyFile, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOrFail } from "./commands.ts";

const packages = fileURLToPath(new URL("../../", import.meta.url));

/** The published packages, in the order of their dependencies. */
export const packed = ["core", "contract", "client"] as const;

/** A project outside this workspace, with the published packages and TypeScript installed. */
export type PackedProject = AsyncDisposable & {
  readonly folder: string;
  readonly tarballs: Readonly<Record<(typeof packed)[number], string>>;
};

/** Packs the published packages and installs them with npm. @throws Error when a package is not built */
export async function openPackedProject(): Promise<PackedProject> {
  const folder = await mkdtemp(join(tmpdir(), "jifen-consumer-"));
  const [core, contract, client] = await Promise.all(packed.map((name) => pack(name, folder)));
  const tarballs = { core: `${core}`, contract: `${contract}`, client: `${client}` };
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest(tarballs), null, 2));
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(tsconfig, null, 2));
  await copyFile(fileURLToPath(new URL("consumer/right.ts", import.meta.url)), join(folder, "right.ts"));
  const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--no-update-notifier"];
  await runOrFail("npm", ["install", ...flags], { cwd: folder });
  return { folder, tarballs, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** @returns the path of the tarball */
async function pack(name: string, folder: string): Promise<string> {
  const cwd = join(packages, name);
  if (!existsSync(join(cwd, "dist/index.js")))
    throw new Error(`@jifen/${name} is not built: run \`pnpm build\` first.`);
  await runOrFail("npx", ["--yes", "pnpm@12.21.0", "pack", "--pack-destination", folder], { cwd });
  return join(folder, `jifen-${name}-0.1.0.tgz`);
}

const manifest = ({ core, contract, client }: PackedProject["tarballs"]) => ({
  private: true,
  type: "module",
  dependencies: {
    "@jifen/client": `file:${client}`,
    "@jifen/contract": `file:${contract}`,
    "@jifen/core": `file:${core}`,
  },
  devDependencies: { "@types/node": "24.19.2", typescript: "7.0.2" },
  // These versions are not in a registry.
  overrides: { "@jifen/contract": "$@jifen/contract", "@jifen/core": "$@jifen/core" },
});

const tsconfig = {
  compilerOptions: {
    strict: true,
    noEmit: true,
    target: "es2023",
    lib: ["es2023", "dom"],
    module: "nodenext",
    types: ["node"],
    skipLibCheck: false,
  },
};
