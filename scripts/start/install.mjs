/** Installs the dependencies of the server and its console, unless they are there. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { delimiter, dirname } from "node:path";
import { readIfExists, readStamp, writeStamp } from "./stamp.mjs";

const shell = process.platform === "win32";

/** What they need to run and to be built, without the tools of the tests. */
const ofServer = ["--prod", "--filter", "@jifen/api...", "--filter", "@jifen/console..."];

/** @param {string} node the Node that the packages are for */
export function install(node) {
  const lockfile = readIfExists("pnpm-lock.yaml") ?? "";
  // pnpm's copy is the same only when everything is installed, as `npm test` does.
  if (readIfExists("node_modules/.pnpm/lock.yaml") === lockfile) return;
  const workspace = readIfExists("pnpm-workspace.yaml") ?? "";
  const installed = createHash("sha256").update(lockfile).update(workspace).digest("hex");
  if (readStamp().installed === installed) return;
  process.stdout.write("Installing packages 安装依赖 …\n");
  const { packageManager } = JSON.parse(readIfExists("package.json") ?? "{}");
  // A developer's tools stay: without them, the next `npm test` would install them again.
  const hasTools = /"?devDependencies"?: true/.test(readIfExists("node_modules/.modules.yaml") ?? "");
  const { status } = spawnSync(
    "npx",
    [
      ...["--yes", packageManager, "install", "--frozen-lockfile", ...(hasTools ? [] : ofServer)],
      // The age of each version was checked when it came into the lockfile, which has the digest of each package.
      ...["--config.minimum-release-age=0", "--reporter=append-only", "--loglevel=warn"],
    ],
    // Without a terminal, pnpm asks nothing only where CI is set.
    {
      stdio: "inherit",
      shell,
      env: { ...process.env, CI: "true", PATH: `${dirname(node)}${delimiter}${process.env.PATH}` },
    },
  );
  if (status !== 0) {
    process.stderr.write("The packages cannot be installed; see above. 依赖安装失败，原因见上。\n");
    process.exit(1);
  }
  writeStamp({ installed });
}
