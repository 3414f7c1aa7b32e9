import { mkdirSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const web = fileURLToPath(new URL("..", import.meta.url));

/** The files of a site that a guide does not show. */
const scaffolding: Readonly<Record<string, string>> = {
  "package.json": '{ "private": true, "type": "module" }',
  "next.config.mjs": `import { join } from "node:path";
export default { turbopack: { root: join(import.meta.dirname, "../../../..") } };`,
  "tsconfig.json": JSON.stringify({
    compilerOptions: {
      target: "es2023",
      lib: ["dom", "dom.iterable", "esnext"],
      module: "esnext",
      moduleResolution: "bundler",
      jsx: "react-jsx",
      strict: true,
      noEmit: true,
      skipLibCheck: true,
      isolatedModules: true,
    },
    include: ["**/*.ts", "**/*.tsx"],
  }),
  "app/layout.tsx": `import type { ReactNode } from "react";
export default function Layout({ children }: { children: ReactNode }) {
  return <html lang="en"><body>{children}</body></html>;
}`,
};

/** Writes files into a folder, by their paths in it. */
export function writeFiles(folder: string, files: Iterable<readonly [string, string]>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Creates a site of Next.js from files of a guide, with the client of this repository. @returns its folder */
export function createSite(name: string, files: Iterable<readonly [string, string]>): string {
  const folder = join(web, ".guide-sites", name.replaceAll(" ", "-"));
  rmSync(folder, { recursive: true, force: true });
  writeFiles(folder, [...Object.entries(scaffolding), ...files]);
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@jifen"), { recursive: true });
  for (const module of ["next", "react", "react-dom", "@types", "@jifen/client"]) {
    symlinkSync(realpathSync(join(web, "node_modules", module)), join(modules, module));
  }
  return folder;
}
