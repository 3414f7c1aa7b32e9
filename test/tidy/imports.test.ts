import { isBuiltin } from "node:module";
import { describe, expect, test } from "vitest";
import { isTest, packages, read, sources } from "./sources.ts";

/** What the sources of a package may import. Every package must be listed. `node:` stands for all of Node. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  "packages/core": [],
  "packages/ledger": ["@jifen/core"],
  "packages/billing": ["@jifen/core"],
  "packages/gateways": ["@jifen/billing", "@jifen/core", "alipay-sdk", "node:", "stripe", "wechatpay-axios-plugin"],
  "packages/contract": ["@jifen/core", "zod"],
  "packages/database": [
    "@jifen/billing",
    "@jifen/core",
    "@jifen/ledger",
    "@prisma/adapter-better-sqlite3",
    "@prisma/adapter-mariadb",
    "@prisma/adapter-pg",
    "@prisma/driver-adapter-utils",
    "async-mutex",
    "better-sqlite3",
    "glob",
    "leven",
    "mariadb",
    "mongodb",
    "node:",
    "pg",
    "piscina",
    "postgrator",
  ],
  "packages/client": [
    "@jifen/contract",
    "@tanstack/react-query",
    "@trpc/client",
    "@trpc/server",
    "eventsource-parser",
    "react",
    "superjson",
    "zod",
  ],
  "packages/testkit": ["axe-core", "mariadb", "mongodb", "node:", "pg", "playwright-core", "stripe", "vitest"],
  "apps/api": [
    "@clack/prompts",
    "@hono/node-server",
    "@jifen/billing",
    "@jifen/contract",
    "@jifen/core",
    "@jifen/database",
    "@jifen/gateways",
    "@jifen/ledger",
    "@trpc/server",
    "@zxcvbn-ts/language-common",
    "bcryptjs",
    "citty",
    "csv-stringify",
    "fflate",
    "hono",
    "ioredis",
    "ipaddr.js",
    "jose",
    "leven",
    "lru-cache",
    "modern-tar",
    "negotiator",
    "node:",
    "nodemailer",
    "pino",
    "piscina",
    "prom-client",
    "proxy-addr",
    "rate-limiter-flexible",
    "safe-stable-stringify",
    "standardwebhooks",
    "superjson",
    "uuid",
    "zod",
    "zod-openapi",
  ],
  "apps/console": [
    "@jifen/client",
    "@tanstack/react-query",
    "@tanstack/react-router",
    "lucide-react",
    "react",
    "react-dom",
    "recharts",
    "uqr",
  ],
  "apps/web": ["@jifen/client", "next", "node:", "react", "react-dom", "server-only", "uqr"],
  torture: [
    "@ast-grep/napi",
    "@jifen/core",
    "@jifen/database",
    "@jifen/ledger",
    "@jifen/testkit",
    "fast-check",
    "mongodb",
    "node:",
    "pg",
  ],
  bench: [
    "@jifen/core",
    "@jifen/database",
    "@jifen/ledger",
    "@jifen/testkit",
    "@prisma/adapter-pg",
    "autocannon",
    "better-sqlite3",
    "mariadb",
    "mongodb",
    "node:",
    "pg",
  ],
};

/** Imports of types only: none of these may be needed at run time. */
const typesOnly: Readonly<Record<string, readonly string[]>> = {
  "packages/database": ["@jifen/billing"],
  "packages/client": ["@jifen/contract", "@trpc/server", "zod"],
  // The fake of Stripe names its fields by the types of the SDK, and shares no code with it.
  "packages/testkit": ["stripe"],
};

const packageName = (specifier: string): string => {
  if (isBuiltin(specifier)) return "node:";
  const [scope = "", name = ""] = specifier.split("/");
  return scope.startsWith("@") ? `${scope}/${name}` : scope;
};

type Import = { readonly from: string; readonly typeOnly: boolean };

function importsOf(file: string): Import[] {
  const statements = read(file).matchAll(/^(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm);
  const dynamic = read(file).matchAll(/\bimport\("([^"]+)"\)/g);
  return [
    ...[...statements].map(([, type, from = ""]) => ({ from, typeOnly: type !== undefined })),
    ...[...dynamic].map(([, from = ""]) => ({ from, typeOnly: false })),
  ].filter(({ from }) => !from.startsWith(".") && !from.startsWith("@/"));
}

const shipped = (folder: string) =>
  sources
    .filter((file) => file.startsWith(`${folder}/src/`) && !isTest(file))
    .map((file) => ({ file, imports: importsOf(file) }));

describe("the import table", () => {
  test("the import table lists every package", () => {
    expect(Object.keys(mayImport).toSorted()).toEqual([...packages].toSorted());
  });

  test.each(packages)("%s imports nothing outside of the import table", (folder) => {
    const allowed = mayImport[folder] ?? [];
    const violations = shipped(folder).flatMap(({ file, imports }) =>
      imports.filter(({ from }) => !allowed.includes(packageName(from))).map(({ from }) => `${file} imports ${from}`),
    );
    expect(violations).toEqual([]);
  });

  test.each(Object.keys(typesOnly))("%s imports only types of packages that it must not ship with", (folder) => {
    const violations = shipped(folder).flatMap(({ file, imports }) =>
      imports
        .filter(({ from, typeOnly }) => !typeOnly && typesOnly[folder]?.includes(from))
        .map(({ from }) => `${file} imports values of ${from}`),
    );
    expect(violations).toEqual([]);
  });
});

describe("the environment", () => {
  test("process.env is read in two files of the server and in two of the command line", () => {
    const readers = sources.filter(
      (file) => file.startsWith("apps/api/src/") && !isTest(file) && /process\.env\b/.test(read(file)),
    );
    expect(readers.toSorted()).toEqual([
      "apps/api/src/cli/language.ts",
      "apps/api/src/cli/with-database.ts",
      "apps/api/src/main.ts",
      "apps/api/src/start/report-startup-error.ts",
    ]);
  });
});
