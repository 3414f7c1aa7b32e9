import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { rm } from "node:fs/promises";
import { Readable, type Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { createTarPacker } from "modern-tar";
import { COMPRESSED, SUMS_FILE } from "./backup-header.ts";

/** A file of the archive that is on disk, but not in the archive. */
type Staged = { readonly name: string; readonly size: number; readonly sha256: string };

/** Fast rather than small: a backup of many gigabytes must end. */
const GZIP_LEVEL = 1;

/**
 * Writes a tar archive with the checksums of its files at its end. An archive has the size of each file before its content,
 * so a file is staged on disk first.
 */
export class ArchiveWriter {
  readonly #scratch: string;
  readonly #packer = createTarPacker();
  readonly #written: Promise<void>;
  readonly #sums: string[] = [];
  readonly #mtime = new Date();

  /** @param path a new file @param scratch a file that it may create and replace; the caller deletes it */
  constructor(path: string, scratch: string) {
    this.#scratch = scratch;
    const archive = createWriteStream(path, { mode: 0o600, flags: "wx", flush: true });
    this.#written = pipeline(Readable.fromWeb(this.#packer.readable), archive);
    // Its error is thrown by `finish`, and by the call that writes.
    this.#written.catch(() => undefined);
  }

  /** Writes a file beside the archive. @param onBytes receives how many bytes were read */
  async stage(
    { name, content, compress }: { readonly name: string; readonly content: Readable; readonly compress: boolean },
    onBytes: (count: number) => void = () => undefined,
  ): Promise<Staged> {
    await rm(this.#scratch, { force: true });
    const sha256 = createHash("sha256");
    let size = 0;
    const counted = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        onBytes(chunk.length);
        yield chunk;
      }
    };
    const hashed = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        sha256.update(chunk);
        size += chunk.length;
        yield chunk;
      }
    };
    const file = createWriteStream(this.#scratch, { mode: 0o600, flags: "wx" });
    if (compress) await pipeline(content, counted, createGzip({ level: GZIP_LEVEL }) as Transform, hashed, file);
    else await pipeline(content, counted, hashed, file);
    return { name: compress ? `${name}${COMPRESSED}` : name, size, sha256: sha256.digest("hex") };
  }

  /** Adds the file that was staged last. */
  async add({ name, size, sha256 }: Staged): Promise<void> {
    await this.#pack({ name, size }, createReadStream(this.#scratch));
    this.#sums.push(`${sha256}  ${name}\n`);
  }

  /** Adds a small file. */
  async addText(name: string, text: string): Promise<void> {
    const bytes = Buffer.from(text);
    await this.#pack({ name, size: bytes.length }, Readable.from([bytes], { objectMode: false }));
    this.#sums.push(`${createHash("sha256").update(bytes).digest("hex")}  ${name}\n`);
  }

  /** Adds the checksums and waits until the archive is on disk. */
  async finish(): Promise<void> {
    await this.addText(SUMS_FILE, this.#sums.join(""));
    this.#packer.controller.finalize();
    await this.#written;
  }

  /** Ends the archive, which stays incomplete. */
  async abort(error: unknown): Promise<void> {
    this.#packer.controller.error(error);
    await this.#written.catch(() => undefined);
  }

  async #pack({ name, size }: { readonly name: string; readonly size: number }, content: Readable): Promise<void> {
    const entry = this.#packer.controller.add({ name, size, mode: 0o600, mtime: this.#mtime, uid: 0, gid: 0 });
    const writer = entry.getWriter();
    // A plain Uint8Array: the packer takes no buffer of Node.js.
    for await (const chunk of content) await writer.write(new Uint8Array(chunk));
    await writer.close();
  }
}
