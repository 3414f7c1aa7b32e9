import { execFile, execFileSync, spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { findProgram } from "@jifen/testkit/processes";
import { root as repository } from "./files.ts";

/** Folders of this machine, by the folders of a root in which they appear. */
type Mounts = Readonly<Record<string, string>>;
type Env = Readonly<Record<string, string>>;

/** The root folder of a system with nothing in it but Debian's minimum and Node. Commands run in it as in a container. */
export type EmptyRoot = {
  readonly folder: string;
  /** Runs commands of a shell as root. @throws Error with their output, when one fails */
  run(
    commands: string,
    options?: { readonly env?: Env; readonly mounts?: Mounts; readonly cwd?: string },
  ): Promise<string>;
};

/** What a build machine sets for its network, and whom it trusts. */
const networkVariables = ["NODE_EXTRA_CA_CERTS", "SSL_CERT_FILE", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"];
const networkFiles = ["/etc/resolv.conf", "/etc/hosts", "/etc/ssl/certs/ca-certificates.crt"];
const system = {
  HOME: "/root",
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  ...Object.fromEntries(networkVariables.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : []))),
} as Env;

/** Makes a root with `debootstrap`, with Node, npm and the user `node` as the official image of Node has them. */
export async function makeNodeRoot(folder: string): Promise<EmptyRoot> {
  await execute("debootstrap", ["--variant=minbase", "bookworm", folder]);
  const node = createRequire(join(repository, "package.json")).resolve("node/package.json");
  cpSync(realpathSync(join(dirname(node), "bin/node")), join(folder, "usr/local/bin/node"));
  // Not `npm root --global`: that names the folder of the Node which runs npm, and the repository's own Node has no npm.
  const npm = realpathSync(findProgram("npm") ?? "npm");
  cpSync(join(dirname(npm), ".."), join(folder, "usr/local/lib/node_modules/npm"), { recursive: true });
  for (const file of networkFiles.filter((each) => existsSync(each))) {
    mkdirSync(join(folder, dirname(file)), { recursive: true });
    writeFileSync(join(folder, file), readFileSync(file));
  }
  const root = openRoot(folder);
  await root.run(`for name in npm npx; do ln -s ../lib/node_modules/npm/bin/$name-cli.js /usr/local/bin/$name; done
    useradd --uid 1000 --create-home --user-group node`);
  return root;
}

/** A copy of a root. */
export function copyRoot({ folder }: EmptyRoot, to: string): EmptyRoot {
  execFileSync("cp", ["--archive", folder, to]);
  return openRoot(to);
}

const openRoot = (folder: string): EmptyRoot => ({
  folder,
  run: async (commands, { env = {}, mounts = {}, cwd = "/" } = {}) => {
    const script = [...mountAll(folder, mounts), `exec chroot '${folder}' /bin/sh -ec "cd '${cwd}'\n$1"`].join("\n");
    return execute("unshare", ["--mount", "sh", "-ec", script, "sh", commands], { ...system, ...env });
  },
});

/**
 * Starts a program in a root that it cannot write to, as a user without rights.
 * @returns its process; the mounts end with it
 */
export function startReadOnly(
  { folder }: EmptyRoot,
  command: readonly string[],
  { env, mounts, user }: { readonly env: Env; readonly mounts: Mounts; readonly user: string },
) {
  const script = [
    `mount --bind '${folder}' '${folder}'`,
    `mount -o remount,ro,bind '${folder}'`,
    ...mountAll(folder, mounts),
    `mount -t tmpfs tmpfs '${folder}/tmp'`,
    `exec chroot --userspec=${user} '${folder}' "$@"`,
  ].join("\n");
  const options = { env: { ...system, ...env }, stdio: ["ignore", "pipe", "pipe"] as ["ignore", "pipe", "pipe"] };
  return spawn("unshare", ["--mount", "sh", "-ec", script, "sh", ...command], options);
}

/** The folders of a read-only root must exist; those of others are made. */
const mountAll = (folder: string, mounts: Mounts): readonly string[] => [
  `mount -t proc proc '${folder}/proc'`,
  ...Object.entries(mounts).flatMap(([inside, outside]) => [
    `[ -d '${folder}${inside}' ] || mkdir -p '${folder}${inside}'`,
    `mount --bind '${outside}' '${folder}${inside}'`,
  ]),
];

async function execute(program: string, args: readonly string[], env: Env = process.env as Env): Promise<string> {
  const { stdout } = await promisify(execFile)(program, args, { env, maxBuffer: 64 * 1_024 * 1_024 }).catch((error) => {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    throw new Error(`${program} failed: ${stdout.slice(-2_000)}${stderr.slice(-2_000)}`);
  });
  return stdout;
}
