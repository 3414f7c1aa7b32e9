/**
 * Generates one Prisma client per database from the one file of models.
 * Nothing is downloaded: the client needs no engine, and the command line is told that it has one.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

const root = dirname(import.meta.dirname);
const models = join(root, "prisma/models.prisma");
const prismaPackage = createRequire(import.meta.url).resolve("prisma/package.json");
const command = join(dirname(prismaPackage), "build/index.js");

const head = (provider: string) => `datasource db {
  provider = "${provider}"
}

generator client {
  provider               = "prisma-client"
  output                 = "../../src/generated/${provider}"
  runtime                = "nodejs"
  moduleFormat           = "esm"
  importFileExtension    = "ts"
  generatedFileExtension = "ts"
}

`;

function isCurrent(provider: string): boolean {
  const generated = join(root, "src/generated", provider, "client.ts");
  if (!existsSync(generated)) return false;
  const made = statSync(generated).mtimeMs;
  return [models, prismaPackage, import.meta.filename].every((source) => statSync(source).mtimeMs <= made);
}

for (const provider of ["sqlite", "postgresql", "mysql"]) {
  if (isCurrent(provider)) continue;
  const schema = join(root, "prisma/generated", `${provider}.prisma`);
  mkdirSync(dirname(schema), { recursive: true });
  rmSync(join(root, "src/generated", provider), { recursive: true, force: true });
  writeFileSync(schema, head(provider) + readFileSync(models, "utf8"));
  execFileSync(process.execPath, [command, "generate", "--schema", schema, "--no-hints"], {
    cwd: root,
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath, CHECKPOINT_DISABLE: "1" },
    stdio: "inherit",
  });
}
