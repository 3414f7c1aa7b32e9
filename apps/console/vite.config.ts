import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defaultClientConditions, defineConfig } from "vite";
import { compress } from "./compress.ts";

const server = process.env["JIFEN_URL"] ?? "http://localhost:3001";
const vendor =
  /node_modules\/(?:react|react-dom|scheduler|@tanstack|@trpc|superjson|copy-anything|is-what)\b|vite\/preload-helper/;

/** Most pages need these: in a few files, because each request costs more than the bytes that it could save. */
const shared = [
  { name: "vendor", test: vendor },
  { name: "ui", test: /apps\/console\/src\/(?:(?:ui|words|ledger)\/)?[^/]+$|lucide-react/, minShareCount: 2 },
  // What several account pages share, and the list of their addresses.
  { name: "account", test: /apps\/console\/src\/account\//, minShareCount: 2 },
  // The server preloads the file of the visitor's language by this name.
  { name: "words-zh", test: /\/words\/zh\/(?:gate|shell|ui)\.ts$/ },
  { name: "words-en", test: /\/words\/en\/(?:gate|shell|ui)\.ts$/ },
];

export default defineConfig({
  // Relative to the page's <base>, which the server sets: the same files work under every path prefix.
  base: "./",
  // From the sources of the client: its types need not be built first.
  resolve: { conditions: ["@jifen/source", ...defaultClientConditions] },
  plugins: [react(), tailwindcss(), compress()],
  build: {
    assetsDir: "console/assets",
    manifest: "manifest.json",
    // The oldest browsers that Tailwind 4 supports.
    target: ["chrome111", "safari16.4", "firefox128"],
    modulePreload: { polyfill: false },
    // The policy of the pages allows no data: styles, and small files as text would be in each chunk.
    assetsInlineLimit: 0,
    rolldownOptions: {
      output: {
        codeSplitting: { groups: shared },
      },
    },
  },
  server: {
    port: 3000,
    proxy: Object.fromEntries(
      ["/trpc", "/session", "/login", "/logout", "/link", "/register", "/forgot", "/exports"].map((path) => [
        path,
        server,
      ]),
    ),
  },
});
