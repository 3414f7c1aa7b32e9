import { readdirSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import { read, root } from "./files.ts";

type Step = { readonly uses?: string; readonly run?: string };
type Job = {
  readonly "timeout-minutes"?: number;
  readonly container?: string | { readonly image: string };
  readonly permissions?: Readonly<Record<string, string>>;
  readonly needs?: string | readonly string[];
  readonly environment?: string;
  readonly steps: readonly Step[];
};
type Workflow = { readonly permissions?: object; readonly jobs: Readonly<Record<string, Job>> };

const FOLDER = ".github/workflows";
const workflows = readdirSync(`${root}${FOLDER}`).map((name) => ({
  name,
  workflow: parse(read(`${FOLDER}/${name}`)) as Workflow,
}));
const scripts = Object.keys((JSON.parse(read("package.json")) as { scripts: object }).scripts);
const version = /^ {2}node: (\S+)$/m.exec(read("pnpm-workspace.yaml"))?.[1];

describe.each(workflows)("the workflow $name", ({ workflow }) => {
  const jobs = Object.entries(workflow.jobs);
  const steps = jobs.flatMap(([, job]) => job.steps);

  test("has no rights but those that a job names, and every job ends in time", () => {
    expect(workflow.permissions).toEqual({ contents: "read" });
    for (const [, job] of jobs) expect(job["timeout-minutes"]).toBeGreaterThan(0);
  });

  test("calls scripts of the repository that exist", () => {
    for (const { run = "" } of steps) {
      const script = /pnpm@[\d.]+ (?:--silent )?([a-z:]+)/.exec(run)?.[1];
      if (script !== undefined && !["install", "changeset", "filter"].includes(script))
        expect(scripts).toContain(script);
    }
  });

  test("pnpm installs for the Node of the workspace", () => {
    expect(/^nodeVersion: (\S+)$/m.exec(read("pnpm-workspace.yaml"))?.[1]).toBe(version);
  });

  test("uses actions and images of a version, and the Node of the workspace", () => {
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/@v\d+/);
    for (const [, { container }] of jobs) {
      const image = typeof container === "string" ? container : container?.image;
      if (image !== undefined) expect(image).toBe(`node:${version}-bookworm`);
    }
  });

  test("waits for jobs that exist, and publishes only with an approval", () => {
    for (const [, { needs = [], permissions = {}, environment }] of jobs) {
      for (const each of [needs].flat()) expect(Object.keys(workflow.jobs)).toContain(each);
      if ("id-token" in permissions) expect(environment).toBe("release");
    }
  });
});
