import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { type Site, startNext } from "./site.ts";

const web = fileURLToPath(new URL("..", import.meta.url));
const guide = readFileSync(join(web, "../../docs/guides/authjs.md"), "utf8");

/** A site of the guide: under which headings its files are, and which package its `next-auth` is. */
type GuideSite = { readonly name: string; readonly headings: readonly string[]; readonly nextAuth: string };

/** The two sites that the guide shows. The second has the page of the first. */
export const guideSites: readonly GuideSite[] = [
  { name: "Auth.js 5", headings: ["Auth.js 5"], nextAuth: "next-auth-5" },
  { name: "NextAuth 4", headings: ["Auth.js 5", "NextAuth 4"], nextAuth: "next-auth" },
];

/** What a site has beside the guide's files: nothing that concerns sessions. */
const surroundings: Readonly<Record<string, string>> = {
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

/** In the place of GitHub, which no test reaches: whoever says who they are is believed. */
const believing = `import Credentials from "next-auth/providers/credentials";
const credentials = { email: {}, image: {} };
const authorize = ({ email, image }: any) => ({ id: "1", name: "安娜", email, image });
export const providers = [Credentials({ credentials, authorize })];`;

/** The files that the guide shows under a heading, by their paths: a block of code begins with a comment that names it. */
function filesUnder(heading: string): [string, string][] {
  const section = guide.split(/^## /m).find((each) => each.startsWith(`The site's side: ${heading}\n`)) ?? "";
  return [...section.matchAll(/^```tsx?\n\/\/ (\S+)\n([\s\S]*?)^```$/gm)].map(([, path = "", code = ""]) => [
    path,
    code,
  ]);
}

function write(folder: string, files: Iterable<readonly [string, string]>): void {
  for (const [path, text] of files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

/** Builds a site out of the guide and checks its types. @returns its folder @throws Error with what the compiler said */
export async function buildGuideSite({ name, headings, nextAuth }: GuideSite): Promise<string> {
  const folder = join(web, ".guide-sites", name.replaceAll(" ", "-"));
  rmSync(folder, { recursive: true, force: true });
  // Where several headings show the same file, the last one is the site's; what only others use it does not have.
  const shown = new Map(headings.flatMap(filesUnder));
  if (headings.length > 1) shown.delete("auth.ts");
  write(folder, [...Object.entries(surroundings), ...shown]);
  const modules = join(folder, "node_modules");
  mkdirSync(join(modules, "@jifen"), { recursive: true });
  for (const module of ["next", "react", "react-dom", "@types", "@jifen/client"]) {
    symlinkSync(realpathSync(join(web, "node_modules", module)), join(modules, module));
  }
  symlinkSync(realpathSync(join(web, "node_modules", nextAuth)), join(modules, "next-auth"));
  const tsc = join(web, "node_modules/typescript/bin/tsc");
  await promisify(execFile)(process.execPath, [tsc, "-p", folder], { encoding: "utf8" }).catch(({ stdout }) => {
    throw new Error(`the guide's code for ${name} does not compile:\n${stdout}`);
  });
  return folder;
}

/** Starts such a site, with a sign-in that tests can use. */
export async function startGuideSite(folder: string, env: Readonly<Record<string, string>>): Promise<Site> {
  write(folder, [["providers.ts", believing]]);
  return startNext({ folder, command: "dev", env: { ...env, AUTH_TRUST_HOST: "true" } });
}
