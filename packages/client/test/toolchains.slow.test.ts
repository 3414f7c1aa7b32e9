// Expected duration: 240 s on two cores.
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { startApi } from "@jifen/testkit";
import { timeLimit } from "@jifen/testkit/time-limit";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { run, runOrFail } from "./commands.ts";
import { openPackedProject, type PackedProject } from "./packed-project.ts";

// An old compiler needs half a minute for all declarations, and several times that on a busy machine.
vi.setConfig({ testTimeout: timeLimit(120), hookTimeout: timeLimit(300) });

let project: PackedProject;
beforeAll(async () => {
  project = await openPackedProject({
    "@tanstack/react-query": "5.108.4",
    "@types/react": "19.3.0",
    "@types/react-dom": "19.3.0",
    bun: "1.4.5",
    jest: "30.5.2",
    // The oldest Node that the client is for.
    "node-20": "npm:node@20.19.5",
    react: "19.3.1",
    "react-dom": "19.3.1",
    "typescript-5.4": "npm:typescript@5.4.3",
    "typescript-5.9": "npm:typescript@5.9.3",
    "typescript-6": "npm:typescript@6.0.3",
    uqr: "0.1.3",
    vite: "8.3.8",
  });
});
afterAll(() => project?.[Symbol.asyncDispose]());

const installed = (path: string) => join(project.folder, "node_modules", path);

describe("TypeScript", () => {
  beforeAll(() =>
    cp(installed("@jifen/client/components"), join(project.folder, "components"), {
      recursive: true,
      filter: (path) => !path.endsWith(".css"),
    }),
  );

  // tRPC's own declarations need TypeScript 5.7.
  const compilers = [
    { version: "5.4", compiler: "typescript-5.4", skipLibCheck: true },
    { version: "5.9", compiler: "typescript-5.9", skipLibCheck: false },
    { version: "6", compiler: "typescript-6", skipLibCheck: false },
    { version: "7", compiler: "typescript", skipLibCheck: false },
  ];
  // Components are copied into sites, which have a bundler.
  const resolutions = [
    { resolution: "bundler", module: "esnext", include: ["entries.tsx", "components"] },
    { resolution: "nodenext", module: "nodenext", include: ["entries.tsx"] },
  ];
  test.each(compilers.flatMap((each) => resolutions.map((other) => ({ ...each, ...other }))))(
    "TypeScript $version checks every entry point with $resolution resolution",
    async ({ version, compiler, skipLibCheck, resolution, module, include }) => {
      const config = `tsconfig.${version}-${resolution}.json`;
      const compilerOptions = {
        ...{ strict: true, noEmit: true, target: "es2022", lib: ["es2022", "dom", "dom.iterable"], jsx: "react-jsx" },
        ...{ module, moduleResolution: resolution, types: ["node"], skipLibCheck },
      };
      await writeFile(join(project.folder, config), JSON.stringify({ compilerOptions, include }));
      const args = [installed(`${compiler}/bin/tsc`), "-p", config];
      expect(await run(process.execPath, args, { cwd: project.folder })).toMatchObject({ exitCode: 0, stdout: "" });
    },
  );
});

describe("runtimes", () => {
  test.each([
    { runtime: "Node 20.19", program: () => installed("node-20/bin/node") },
    { runtime: "Node 24", program: () => process.execPath },
    { runtime: "Bun", program: () => installed("bun/bin/bun.exe") },
  ])("$runtime loads every entry point, and the client holds 5 credits", async ({ program }) => {
    await using api = await startApi({ env: { USER_WHITELIST: "user@example.com:password123" } });
    const place = { cwd: project.folder, env: { JIFEN_API_URL: api.url } };
    expect(await runOrFail(program(), ["charge.js"], place)).toBe("function function 5\n");
  });
});

describe("bundlers and test runners", () => {
  test("Vite builds a page with every entry point, without a module of Node", async () => {
    const page = '<div id="root"></div><script type="module" src="/entries.tsx"></script>';
    await writeFile(join(project.folder, "index.html"), page);
    await runOrFail(process.execPath, [installed("vite/bin/vite.js"), "build"], { cwd: project.folder });
    const assets = join(project.folder, "dist/assets");
    const built = await Promise.all((await readdir(assets)).map((file) => readFile(join(assets, file), "utf8")));
    expect(built.join("\n")).toContain("X-User-Id");
    expect(built.join("\n")).not.toMatch(/["'`]node:|from\s*["']/);
  });

  test.each([
    { type: "module", head: 'import { createJifenClient } from "@jifen/client";' },
    { type: "commonjs", head: 'const { createJifenClient } = require("@jifen/client");' },
  ])("Jest runs a test of type $type with the setting that the README names", async ({ type, head }) => {
    const folder = join(project.folder, `jest-${type}`);
    await mkdir(folder);
    await writeFile(join(folder, "package.json"), JSON.stringify({ private: true, type }));
    const call = 'expect(typeof createJifenClient({ url: "/api" }).credits.consume.mutate).toBe("function")';
    await writeFile(join(folder, "client.test.js"), `${head}\ntest("the client loads", () => ${call});\n`);
    const jest = [installed("jest/bin/jest.js"), "--rootDir", folder];
    const env = { NODE_OPTIONS: "--experimental-vm-modules" };
    const { stderr } = await run(process.execPath, jest, { cwd: project.folder, env });
    expect(stderr).toContain("1 passed, 1 total");
  });
});
