import { describe, expect, test } from "vitest";
import { parseDockerfile, type Stage } from "./dockerfile.ts";
import { read } from "./files.ts";

const text = read("Dockerfile");
const stages = parseDockerfile(text);
const last = stages.at(-1) as Stage;
const all = (keyword: string) =>
  stages.flatMap(({ instructions }) => instructions.filter((each) => each.keyword === keyword));
const ofLast = (keyword: string) =>
  last.instructions.filter((each) => each.keyword === keyword).map(({ args }) => args);

// The rules of hadolint that matter here. Their numbers are those of its documentation.
describe("the Dockerfile", () => {
  test("every image has a version (DL3006, DL3007)", () => {
    for (const { image } of stages) expect(image).toMatch(/:\d+\.\d+\.\d+-/);
  });

  test("it runs as a user without rights (DL3002), and the Node of the images is the one of the workspace", () => {
    expect(ofLast("USER").at(-1)).toBe("node");
    const version = /^ {2}node: (\S+)$/m.exec(read("pnpm-workspace.yaml"))?.[1];
    for (const { image } of stages) expect(image).toBe(`node:${version}-bookworm-slim`);
  });

  test("folders are absolute (DL3000), files are copied and not added (DL3020), and no package is upgraded (DL3005)", () => {
    for (const { args } of all("WORKDIR")) expect(args).toMatch(/^\//);
    expect(all("ADD")).toEqual([]);
    expect(text).not.toMatch(/apt-get (dist-)?upgrade|sudo /);
  });

  test("apt installs without asking and without recommended packages, and leaves no lists (DL3009, DL3014, DL3015)", () => {
    const installs = all("RUN").filter(({ args }) => String(args).includes("apt-get install"));
    expect(installs).not.toEqual([]);
    for (const { args } of installs) {
      expect(args).toContain("--yes --no-install-recommends");
      expect(args).toContain("rm -rf /var/lib/apt/lists/*");
    }
  });

  test("no command hides the failure of another one in a pipe (DL4006) or after a semicolon", () => {
    for (const { args } of all("RUN")) expect(args).not.toMatch(/[^|]\|[^|]|;/);
  });

  test("the server and its health check start without a shell (DL3025), once each (DL4003, DL4004)", () => {
    expect(ofLast("ENTRYPOINT")).toEqual([["tini", "--"]]);
    expect(ofLast("CMD")).toEqual([["node", "/app/apps/api/dist/main.js"]]);
    expect(ofLast("HEALTHCHECK")).toHaveLength(1);
    expect(ofLast("HEALTHCHECK")[0]).toMatch(/CMD \["node", /);
  });

  test("it takes in no settings, no data, no history and no modules of this machine", () => {
    const ignored = read(".dockerignore").split("\n");
    for (const each of [".env", "data", ".git", "**/node_modules", "**/dist"]) expect(ignored).toContain(each);
  });
});
