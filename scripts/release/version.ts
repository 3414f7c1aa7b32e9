/**
 * `pnpm version:packages`: gives all packages the next version, and moves the descriptions of changes into CHANGELOG.md.
 * `--notes VERSION` prints the text of a version instead.
 */
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import getReleasePlan from "@changesets/get-release-plan";
import { versionText, withVersion } from "./changelog.ts";

const CHANGELOG = "CHANGELOG.md";

const { values } = parseArgs({ options: { notes: { type: "string" } } });
const changelog = readFileSync(CHANGELOG, "utf8");
if (values.notes !== undefined) {
  process.stdout.write(`${versionText(changelog, values.notes)}\n`);
} else {
  const { changesets, releases } = await getReleasePlan(process.cwd());
  const version = releases.find(({ name }) => name === "@jifen/api")?.newVersion;
  if (version === undefined) throw new Error("There is no change to release: `pnpm changeset` describes one.");
  const date = new Date().toISOString().slice(0, 10);
  execFileSync("pnpm", ["changeset", "version"], { stdio: "inherit" });
  writeFileSync(CHANGELOG, withVersion(changelog, { version, date, changes: changesets }));
  // The root package is no package of the workspace, and a bundle of the client for browsers has no package.json.
  for (const [file, before] of [
    ["package.json", '"version": "'],
    ["packages/client/src/version.ts", 'clientVersion = "'],
  ] as const) {
    const text = readFileSync(file, "utf8");
    writeFileSync(file, text.replace(new RegExp(`(?<=${before})[^"]+`), version));
  }
}
