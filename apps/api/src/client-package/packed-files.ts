import { glob, readFile } from "node:fs/promises";
import { join, posix, sep } from "node:path";
import { ClientNotBuilt } from "./client-not-built.ts";
import { type ClientPart, folderOf } from "./folder-of.ts";
import { exportedFiles, packedManifest, readManifest } from "./manifest.ts";

/** A file of the archive. */
export type PackedFile = { readonly path: string; readonly text: string };

/** Where the built files of each part are in the archive. */
const targets = { client: "dist", contract: "dist/contract", core: "dist/core" } as const;

/** The files of the client beside its built ones. */
const others = ["README.md", "LICENSE", "registry.json", "components/*.{css,tsx}"];

/**
 * The files of the client, which need no other package of this repository: those of the contract and the core are among
 * them. They are sorted by path and have the same bytes on every machine.
 * @throws ClientNotBuilt
 */
export async function packedFiles(): Promise<{ readonly version: string; readonly files: readonly PackedFile[] }> {
  const client = await readManifest("client");
  const [packed, built, rest] = await Promise.all([
    packedManifest(client),
    Promise.all((["client", "contract", "core"] as const).map(builtFiles)),
    filesOf("client", others),
  ]);
  const manifest = { path: "package.json", text: `${JSON.stringify(packed, null, 2)}\n` };
  const files = [manifest, ...rest, ...built.flat()];
  return { version: client.version, files: files.toSorted((a, b) => (a.path < b.path ? -1 : 1)) };
}

/** What `tsc` has written, without source maps: the sources are not in the archive. */
async function builtFiles(part: ClientPart): Promise<readonly PackedFile[]> {
  const files = await filesOf(part, ["dist/**/*.{js,d.ts}"]);
  const paths = new Set(files.map(({ path }) => `./${path}`));
  const exported = exportedFiles(await readManifest(part)).filter((path) => path.startsWith("./dist/"));
  const missing = exported.filter((path) => !paths.has(path));
  if (missing.length > 0) throw new ClientNotBuilt(`@jifen/${part} lacks ${missing.join(", ")}`);
  return files.map((file) => toPackedFile(part, file));
}

async function filesOf(part: ClientPart, patterns: readonly string[]): Promise<readonly PackedFile[]> {
  const folder = folderOf(part);
  const paths: string[] = [];
  for await (const path of glob(patterns, { cwd: folder })) paths.push(path.replaceAll(sep, "/"));
  const read = async (path: string) => (await readFile(join(folder, path), "utf8")).replaceAll("\r\n", "\n");
  return Promise.all(paths.map(async (path) => ({ path, text: await read(path) })));
}

function toPackedFile(part: ClientPart, { path, text }: PackedFile): PackedFile {
  const target = `${targets[part]}${path.slice("dist".length)}`;
  const imports = text.replaceAll(
    /(?<=["'])@jifen\/(contract|core)(?:\/([\w-]+))?(?=["'])/g,
    (_, inner: "contract" | "core", entry = "index") =>
      `./${posix.relative(posix.dirname(target), `${targets[inner]}/${entry}.js`)}`,
  );
  return { path: target, text: imports.replace(/\n\/\/# sourceMappingURL=\S+\s*$/, "\n") };
}
