import { existsSync } from "node:fs";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { runOrFail } from "./commands.ts";

const repository = fileURLToPath(new URL("../../../", import.meta.url));

/** A project outside this workspace, with the packed client and TypeScript installed. */
export type PackedProject = AsyncDisposable & { readonly folder: string; readonly tarball: string };

/** Packs the client and installs it with npm, and `others` beside it. @throws Error when it is not built */
export async function openPackedProject(others: Readonly<Record<string, string>> = {}): Promise<PackedProject> {
  const folder = await mkdtemp(join(tmpdir(), "jifen-consumer-"));
  const tarball = await pack(folder);
  await writeFile(join(folder, "package.json"), JSON.stringify(manifest(tarball, others), null, 2));
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify(tsconfig, null, 2));
  await cp(fileURLToPath(new URL("consumer", import.meta.url)), folder, { recursive: true });
  const flags = ["--prefer-offline", "--no-audit", "--no-fund", "--no-update-notifier"];
  await runOrFail("npm", ["install", ...flags], { cwd: folder });
  return { folder, tarball, [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }) };
}

/** @returns the path of the tarball */
async function pack(folder: string): Promise<string> {
  if (!existsSync(join(repository, "packages/client/dist/index.js")))
    throw new Error("@jifen/client is not built: run `pnpm build` first.");
  await runOrFail(process.execPath, ["scripts/pack-client.ts", folder], { cwd: repository });
  return join(folder, "jifen-client-0.1.0.tgz");
}

const manifest = (client: string, others: Readonly<Record<string, string>>) => ({
  private: true,
  type: "module",
  dependencies: { "@jifen/client": `file:${client}` },
  devDependencies: { "@types/node": "24.19.2", typescript: "7.0.2", ...others },
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
  include: ["right.ts", "wrong.ts"],
};
