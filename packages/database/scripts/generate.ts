/**
 * Generates one Prisma client for each SQL database, and the table list, from prisma/models.prisma.
 * Nothing is downloaded: the client needs no engine, and the variable PRISMA_SCHEMA_ENGINE_BINARY keeps Prisma's command
 * line from looking for one.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { tablesModule, tablesOf } from "./table-list.ts";

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

/** Whether the client is newer than everything that it is generated from. */
function isCurrent(provider: string): boolean {
  const generated = join(root, "src/generated", provider, "client.ts");
  if (!existsSync(generated)) return false;
  const generatedAtMs = statSync(generated).mtimeMs;
  return [models, prismaPackage, import.meta.filename].every((source) => statSync(source).mtimeMs <= generatedAtMs);
}

mkdirSync(join(root, "src/generated"), { recursive: true });
writeFileSync(join(root, "src/generated/tables.ts"), tablesModule(tablesOf(readFileSync(models, "utf8"))));

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
