import { readFile } from "node:fs/promises";
import { findPackageJSON } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { z } from "zod";
import { type ClientPart, folderOf } from "./folder-of.ts";

const zExport = z.union([z.string(), z.record(z.string(), z.string())]);

/** What a package.json says that the packed one needs. */
const zManifest = z.looseObject({
  version: z.string(),
  exports: z.record(z.string(), zExport),
  dependencies: z.record(z.string(), z.string()).optional(),
});

/** The package.json of a package. */
export type Manifest = z.infer<typeof zManifest>;

/** The fields that the packed package.json takes from the client's; the others are for its development. */
const kept = [
  ...["name", "version", "description", "license", "repository", "type", "sideEffects", "engines", "main", "types"],
  ...["peerDependencies", "peerDependenciesMeta"],
];

/** Reads the package.json of a part of the client. */
export const readManifest = async (part: ClientPart): Promise<Manifest> =>
  zManifest.parse(JSON.parse(await readFile(join(folderOf(part), "package.json"), "utf8")));

/** The files that a package exports, relative to its folder. The sources are for this repository alone. */
export const exportedFiles = ({ exports }: Manifest): readonly string[] =>
  Object.values(exports).flatMap((target) =>
    typeof target === "string" ? [target] : Object.values(published(target)),
  );

const published = ({ "@jifen/source": _, ...conditions }: Readonly<Record<string, string>>) => conditions;

/**
 * The package.json of the archive. It requires the very versions that this server is installed with, because the package.json
 * of a workspace names a catalog instead of a version.
 */
export async function packedManifest(client: Manifest): Promise<object> {
  const exports = Object.entries(client.exports).map(([path, target]) => [
    path,
    typeof target === "string" ? target : published(target),
  ]);
  return {
    ...Object.fromEntries(kept.map((field) => [field, client[field]])),
    exports: Object.fromEntries(exports),
    dependencies: Object.fromEntries((await dependencyVersions()).toSorted(([a], [b]) => (a < b ? -1 : 1))),
  };
}

/** The installed versions of what the parts depend on, without the parts themselves. */
async function dependencyVersions(): Promise<[string, string][]> {
  const versions = (["client", "contract", "core"] as const).map(async (part) => {
    const { dependencies = {} } = await readManifest(part);
    const names = Object.keys(dependencies).filter((name) => !name.startsWith("@jifen/"));
    return Promise.all(
      names.map(async (name): Promise<[string, string]> => [name, await installedVersion(name, part)]),
    );
  });
  return (await Promise.all(versions)).flat();
}

async function installedVersion(name: string, dependent: ClientPart): Promise<string> {
  const path = findPackageJSON(name, pathToFileURL(join(folderOf(dependent), "package.json")));
  if (path === undefined) throw new Error(`${name}, which @jifen/${dependent} needs, is not installed`);
  return z.object({ version: z.string() }).parse(JSON.parse(await readFile(path, "utf8"))).version;
}
