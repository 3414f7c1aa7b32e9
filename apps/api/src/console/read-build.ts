import { readdir, readFile } from "node:fs/promises";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Logger } from "pino";
import type { Encoded } from "../http/static-document.ts";
import { isComplete } from "./index-page.ts";
import { type Manifest, zManifest } from "./manifest.ts";

/** The build of the console, in memory. */
export type ConsoleBuild = {
  /** The text of `index.html`; see `indexPage`. */
  readonly index: string;
  readonly manifest: Manifest;
  /** The files under `console/assets/`, by name. */
  readonly assets: ReadonlyMap<string, Asset>;
};

/** A file whose name changes with its content. */
type Asset = { readonly contentType: string; readonly encoded: Encoded };

/** Where `pnpm build:server` writes the console: beside the server in the repository, not a dependency of it. */
export const consoleFolder = fileURLToPath(new URL("../../../console/dist", import.meta.url));

const ASSETS = "console/assets";

const contentTypes: Readonly<Record<string, string>> = {
  ".js": "text/javascript; charset=UTF-8",
  ".css": "text/css; charset=UTF-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".png": "image/png",
  ".webp": "image/webp",
  ".woff2": "font/woff2",
};

const compressed = { ".br": "br", ".gz": "gzip" } as const;

/**
 * Reads the build of the console once. A server whose console is not built starts without it.
 * @returns undefined when it is missing or incomplete, with one warning in the log.
 */
export async function readConsoleBuild(folder: string, log: Logger): Promise<ConsoleBuild | undefined> {
  try {
    const [index, manifest, assets] = await Promise.all([
      readFile(join(folder, "index.html"), "utf8"),
      readFile(join(folder, "manifest.json"), "utf8"),
      readAssets(join(folder, ASSETS)),
    ]);
    if (!isComplete(index)) throw new Error("index.html lacks its <html lang>, <base>, <title> or </head>");
    return { index, manifest: zManifest.parse(JSON.parse(manifest)), assets };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    log.warn(
      { folder, reason },
      "the console is not built: /console and /account are not served. Run `npx pnpm@12.21.0 run build:server`, or set CONSOLE=off",
    );
    return undefined;
  }
}

async function readAssets(folder: string): Promise<ReadonlyMap<string, Asset>> {
  const names = await readdir(folder);
  const files = new Map(
    await Promise.all(names.map(async (name) => [name, await readBytes(join(folder, name))] as const)),
  );
  const assets = names
    .filter((name) => !(extname(name) in compressed))
    .flatMap((name) => {
      const identity = files.get(name);
      const contentType = contentTypes[extname(name)];
      if (identity === undefined || contentType === undefined) return [];
      return [[name, { contentType, encoded: { identity, ...compressedOf(files, name) } }] as const];
    });
  return new Map(assets);
}

const readBytes = async (path: string) => new Uint8Array(await readFile(path));

/** What the build has compressed; small files are not. */
function compressedOf(files: ReadonlyMap<string, Uint8Array<ArrayBuffer>>, name: string): Omit<Encoded, "identity"> {
  const found = Object.entries(compressed).flatMap(([extension, encoding]) => {
    const bytes = files.get(`${name}${extension}`);
    return bytes === undefined ? [] : [[encoding, bytes] as const];
  });
  return Object.fromEntries(found);
}
