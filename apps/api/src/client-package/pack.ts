import { promisify } from "node:util";
import { type AsyncGzipOptions, gzip } from "fflate";
import { packTar } from "modern-tar";
import { type PackedFile, packedFiles } from "./packed-files.ts";

/** The packed client. */
export type ClientPackage = { readonly version: string; readonly bytes: Uint8Array<ArrayBuffer> };

/** The time that npm gives to every file. */
const mtime = new Date("1985-10-26T08:15:00Z");

/** The output of Node's own gzip differs between its versions and between processors; a lockfile holds the digest of it. */
const compress = promisify<Uint8Array, AsyncGzipOptions, Uint8Array<ArrayBuffer>>(gzip);

/**
 * Packs the client into one archive that npm, pnpm and Yarn install. One version has the same bytes on every machine.
 * @throws ClientNotBuilt
 */
export async function packClient(): Promise<ClientPackage> {
  const { version, files } = await packedFiles();
  const bytes = await compress(await packTar(files.map(toEntry)), { level: 9, mtime: 0 });
  return { version, bytes };
}

function toEntry({ path, text }: PackedFile) {
  const body = new TextEncoder().encode(text);
  return { header: { name: `package/${path}`, size: body.length, mode: 0o644, uid: 0, gid: 0, mtime }, body };
}
