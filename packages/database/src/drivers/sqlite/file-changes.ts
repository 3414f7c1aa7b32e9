import { type Connection, connectReadOnly } from "./pool.ts";

/** Finds out whether files were written. */
export type FileChanges = {
  /** Whether one of the files was written since the call before, by this process or by another one. */
  hasChanged(): boolean;
  close(): undefined;
};

/** Watches database files. Each is opened at the first call, and again after a failure. */
export function createFileChanges(paths: readonly string[]): FileChanges {
  const files = paths.map((path) => new WatchedFile(path));
  return {
    // Every file is asked: the next call compares with this one.
    hasChanged: () => files.map((file) => file.hasChanged()).includes(true),
    close: () => {
      for (const file of files) file.close();
    },
  };
}

class WatchedFile {
  readonly #path: string;
  #connection: Connection | undefined;
  #version: unknown;

  constructor(path: string) {
    this.#path = path;
  }

  hasChanged(): boolean {
    const before = this.#version;
    try {
      this.#connection ??= connectReadOnly(this.#path);
      // Reads a few bytes of shared memory. Changes with each commit of another connection.
      this.#version = this.#connection.pragma("data_version", { simple: true });
    } catch {
      // The file of the logs may not exist yet.
      this.close();
    }
    return this.#version !== before;
  }

  close(): void {
    this.#connection?.close();
    this.#connection = undefined;
    this.#version = undefined;
  }
}
