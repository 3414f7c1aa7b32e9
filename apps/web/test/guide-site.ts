import { execFile } from "node:child_process";
import { readFileSync, realpathSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { shownFiles } from "@jifen/testkit";
import { createSite, writeFiles } from "./create-site.ts";
import { type Site, startNext } from "./site.ts";

const web = fileURLToPath(new URL("..", import.meta.url));
const guide = readFileSync(join(web, "../../docs/guides/authjs.md"), "utf8");

/** An example site of the guide: the headings that contain its files, and the package that is its `next-auth`. */
type GuideSite = { readonly name: string; readonly headings: readonly string[]; readonly nextAuth: string };

/** The two example sites of the guide. The second uses the page of the first. */
export const guideSites: readonly GuideSite[] = [
  { name: "Auth.js 5", headings: ["Auth.js 5"], nextAuth: "next-auth-5" },
  { name: "NextAuth 4", headings: ["Auth.js 5", "NextAuth 4"], nextAuth: "next-auth" },
];

/** Replaces the GitHub provider, which tests cannot reach: accepts any e-mail address without a proof. */
const testProviders = `import Credentials from "next-auth/providers/credentials";
const credentials = { email: {}, image: {} };
const authorize = ({ email, image }: any) => ({ id: "1", name: "安娜", email, image });
export const providers = [Credentials({ credentials, authorize })];`;

/** The files that the guide shows under a heading. Each code block starts with a comment that contains its path. */
function filesUnder(heading: string): readonly [string, string][] {
  const section = guide.split(/^## /m).find((each) => each.startsWith(`Configure the site: ${heading}\n`)) ?? "";
  return [...shownFiles(section)];
}

/** Creates a site from the guide and type-checks it. @returns its folder @throws Error with the compiler's output */
export async function buildGuideSite({ name, headings, nextAuth }: GuideSite): Promise<string> {
  // When several headings show the same file, the last one counts. The second site has no auth.ts.
  const guideFiles = new Map(headings.flatMap(filesUnder));
  if (headings.length > 1) guideFiles.delete("auth.ts");
  const folder = createSite(name, guideFiles);
  symlinkSync(realpathSync(join(web, "node_modules", nextAuth)), join(folder, "node_modules/next-auth"));
  const tsc = join(web, "node_modules/typescript/bin/tsc");
  await promisify(execFile)(process.execPath, [tsc, "-p", folder], { encoding: "utf8" }).catch(({ stdout }) => {
    throw new Error(`the guide's code for ${name} does not compile:\n${stdout}`);
  });
  return folder;
}

/** Starts such a site with a sign-in that tests can use. */
export async function startGuideSite(folder: string, env: Readonly<Record<string, string>>): Promise<Site> {
  writeFiles(folder, [["providers.ts", testProviders]]);
  return startNext({ folder, command: "dev", env: { ...env, AUTH_TRUST_HOST: "true" } });
}
