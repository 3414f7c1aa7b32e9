/**
 * Generates one Prisma client for each SQL database, and the table list, from prisma/models.prisma.
 * Calls Prisma's generator without its command line: that brings Prisma Studio and a database of its own, which are more
 * than all that the server needs. Nothing is downloaded: the clients need no engine.
 */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { getDMMF } from "@prisma/get-dmmf";
import { tablesModule, tablesOf } from "./table-list.ts";

type Provider = "sqlite" | "postgresql" | "mysql";

const root = dirname(import.meta.dirname);
const models = join(root, "prisma/models.prisma");
const require = createRequire(import.meta.url);
const generatorPackage = require.resolve("@prisma/client-generator-ts");
// Its files for `import` do not load in Node: they import others without a file extension.
const { PrismaClientTsGenerator } = require(generatorPackage) as typeof import("@prisma/client-generator-ts");

/** How the clients are written: as the sources of this package are. */
const config = {
  runtime: "nodejs",
  moduleFormat: "esm",
  importFileExtension: "ts",
  generatedFileExtension: "ts",
};

const outputFolder = (provider: Provider): string => join(root, "src/generated", provider);

/** Whether the client is newer than everything that it is generated from. */
function isCurrent(provider: Provider): boolean {
  const generated = join(outputFolder(provider), "client.ts");
  if (!existsSync(generated)) return false;
  const generatedAtMs = statSync(generated).mtimeMs;
  return [models, generatorPackage, import.meta.filename].every((source) => statSync(source).mtimeMs <= generatedAtMs);
}

async function generate(provider: Provider): Promise<void> {
  const datamodel = `datasource db {\n  provider = "${provider}"\n}\n\n${readFileSync(models, "utf8")}`;
  const dmmf = getDMMF({ datamodel });
  if ("error" in dmmf) throw new Error(`models.prisma is not valid: ${dmmf.reason}`);
  const output = outputFolder(provider);
  rmSync(output, { recursive: true, force: true });
  await new PrismaClientTsGenerator().generate({
    generator: {
      name: "client",
      provider: { value: "prisma-client", fromEnvVar: null },
      output: { value: output, fromEnvVar: null },
      config,
      binaryTargets: [],
      previewFeatures: [],
      sourceFilePath: models,
    },
    otherGenerators: [],
    schemaPath: models,
    dmmf,
    datasources: [{ name: "db", provider, activeProvider: provider, schemas: [], sourceFilePath: models }],
    datamodel,
    version: "",
  });
}

mkdirSync(join(root, "src/generated"), { recursive: true });
writeFileSync(join(root, "src/generated/tables.ts"), tablesModule(tablesOf(readFileSync(models, "utf8"))));

for (const provider of ["sqlite", "postgresql", "mysql"] as const) if (!isCurrent(provider)) await generate(provider);
