import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { createTemporaryFolder } from "./temporary-folder.ts";

/** The page of the build, in the form in which Vite writes it. */
const index = `<!doctype html>
<html lang="zh-CN">
  <head>
    <meta charset="utf-8" />
    <base href="/" />
    <title>Jifen 积分</title>
    <script type="module" crossorigin src="./console/assets/index-1.js"></script>
    <link rel="modulepreload" crossorigin href="./console/assets/vendor-1.js">
  </head>
  <body>
    <div id="root"></div>
  </body>
</html>
`;

const chunk = (name: string, more = {}) => ({ file: `console/assets/${name}-1.js`, ...more });
const manifest = {
  "index.html": chunk("index", {
    isEntry: true,
    imports: ["_vendor.js"],
    dynamicImports: [
      ...["src/console/shell.tsx", "src/console/users/users-page.tsx", "src/account/shell.tsx"],
      ...["src/words/zh/users.ts", "src/words/en/users.ts"],
    ],
  }),
  "_vendor.js": chunk("vendor", { dynamicImports: ["_words-zh.js", "_words-en.js"] }),
  "_table.js": chunk("table", { imports: ["_vendor.js"] }),
  "_words-zh.js": chunk("words-zh", { name: "words-zh" }),
  "_words-en.js": chunk("words-en", { name: "words-en" }),
  "src/console/shell.tsx": chunk("console-shell", { imports: ["_vendor.js", "_table.js", "index.html"] }),
  "src/account/shell.tsx": chunk("account-shell", { imports: ["_vendor.js"] }),
  "src/console/users/users-page.tsx": chunk("users-page", { imports: ["_table.js"] }),
  "src/words/zh/users.ts": chunk("zh-users", { name: "users" }),
  "src/words/en/users.ts": chunk("en-users", { name: "users" }),
};

/** Text of the one compressed script of the build. */
export const vendorScript = "export const credits = 1;\n".repeat(200);

/** Writes a small build of the console, with the files that Vite and the plugin `compress` write. @returns its folder. */
export function writeConsoleBuild(): string {
  const folder = createTemporaryFolder();
  const assets = join(folder, "console", "assets");
  mkdirSync(assets, { recursive: true });
  writeFileSync(join(folder, "index.html"), index);
  writeFileSync(join(folder, "manifest.json"), JSON.stringify(manifest));
  writeFileSync(join(assets, "vendor-1.js"), vendorScript);
  writeFileSync(join(assets, "vendor-1.js.br"), brotliCompressSync(vendorScript));
  writeFileSync(join(assets, "vendor-1.js.gz"), gzipSync(vendorScript));
  writeFileSync(join(assets, "index-1.js"), "import './vendor-1.js';");
  writeFileSync(join(assets, "index-1.css"), "body{margin:0}");
  return folder;
}
