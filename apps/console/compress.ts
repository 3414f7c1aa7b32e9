import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import type { Plugin } from "vite";

const COMPRESSIBLE = /\.(?:js|css|svg|json)$/;
/** A compressed file that saves less than this is not worth a file. */
const MIN_SAVED_BYTES = 200;

/** Writes a `.br` and a `.gz` file beside each file that compresses: the server sends them as they are. */
export const compress = (): Plugin => ({
  name: "compress",
  apply: "build",
  // Vite still changes the chunks while the bundle is generated.
  writeBundle({ dir = "dist" }, bundle) {
    for (const fileName of Object.keys(bundle).filter((name) => COMPRESSIBLE.test(name))) {
      const source = readFileSync(join(dir, fileName));
      const params = { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY };
      const compressed = { br: brotliCompressSync(source, { params }), gz: gzipSync(source, { level: 9 }) };
      for (const [extension, bytes] of Object.entries(compressed)) {
        if (source.length - bytes.length >= MIN_SAVED_BYTES)
          writeFileSync(join(dir, `${fileName}.${extension}`), bytes);
      }
    }
  },
});
