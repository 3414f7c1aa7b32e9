import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { type Instruction, parseDockerfile, type Stage } from "./dockerfile.ts";
import { copyRoot, type EmptyRoot } from "./empty-root.ts";
import { read, root as repository } from "./files.ts";

/** An image as a folder, and what its Dockerfile says of its start. */
export type Image = {
  readonly root: EmptyRoot;
  readonly env: Readonly<Record<string, string>>;
  readonly user: string;
  readonly start: readonly string[];
  readonly check: readonly string[];
};

type Building = { root: EmptyRoot; env: Record<string, string>; cwd: string; user: string };

/**
 * Does in empty roots what the Dockerfile says, without a Docker engine.
 * @param base what the images of its FROM lines have in common
 * @param caches folders for `RUN --mount=type=cache`, by their target
 */
export async function buildImage(base: EmptyRoot, caches: Readonly<Record<string, string>>): Promise<Image> {
  const stages = parseDockerfile(read("Dockerfile"));
  const built = new Map<string, Building>();
  for (const [index, stage] of stages.entries()) {
    const name = stage.name ?? String(index);
    const building = { root: copyRoot(base, `${base.folder}-${name}`), env: {}, cwd: "/", user: "root" };
    built.set(name, building);
    for (const each of stage.instructions) await apply(each, building, { built, caches });
  }
  const { root, env, user } = [...built.values()].at(-1) as Building;
  const lists = stages.at(-1) as Stage;
  const find = (keyword: string) => lists.instructions.find((each) => each.keyword === keyword)?.args ?? [];
  const check = JSON.parse(String(find("HEALTHCHECK")).replace(/^.*?\bCMD /s, "")) as string[];
  return { root, env, user, check, start: [...find("ENTRYPOINT"), ...find("CMD")] };
}

type Context = {
  readonly built: ReadonlyMap<string, Building>;
  readonly caches: Readonly<Record<string, string>>;
};

async function apply({ keyword, args }: Instruction, building: Building, { built, caches }: Context): Promise<void> {
  const text = String(args);
  const { root, env, cwd } = building;
  if (keyword === "WORKDIR") {
    building.cwd = text;
    mkdirSync(join(root.folder, text), { recursive: true });
  } else if (keyword === "ENV") {
    for (const [, name = "", value = ""] of text.matchAll(/(\w+)=(\S+)/g)) env[name] = value;
  } else if (keyword === "USER") {
    building.user = text;
  } else if (keyword === "COPY") {
    copy(text.split(/\s+/), building, built);
  } else if (keyword === "RUN") {
    const targets = [...text.matchAll(/--mount=type=cache,target=(\S+)/g)].map(([, target = ""]) => target);
    const mounts = Object.fromEntries(targets.map((target) => [target, caches[target] ?? ""]));
    await root.run(text.replaceAll(/--mount=\S+\s+(\\\n)?/g, ""), { env, mounts, cwd });
  }
}

function copy(args: readonly string[], { root, cwd }: Building, built: Context["built"]): void {
  const from = /^--from=(.+)$/.exec(args[0] ?? "")?.[1];
  const [source = "", target = ""] = args.filter((each) => !each.startsWith("--"));
  const to = join(root.folder, target.startsWith("/") ? target : join(cwd, target));
  if (from !== undefined) {
    cpSync(join(built.get(from)?.root.folder ?? "", source), to, { recursive: true, verbatimSymlinks: true });
    return;
  }
  for (const file of contextFiles()) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(join(repository, file), join(to, file));
  }
}

/** What a clean clone has, without the folders that .dockerignore names. */
function contextFiles(): readonly string[] {
  const options = { cwd: repository, encoding: "utf8", maxBuffer: 16 * 1_024 * 1_024 } as const;
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], options).split(
    "\0",
  );
  const ignored = read(".dockerignore")
    .split("\n")
    .filter((line) => /^\w/.test(line));
  return files.filter((file) => file !== "" && !ignored.includes(file.split("/")[0] ?? ""));
}
