import { readFile } from "node:fs/promises";
import type { Catalogue } from "@jifen/billing";
import type { JsonObject } from "@jifen/contract";
import { readCatalogue } from "../modules/billing/catalogue/read-catalogue.ts";
import { t } from "./language.ts";
import { printError, printRefusal } from "./print.ts";

/** The argument that names a catalogue. */
export const fileArgument = {
  type: "positional",
  description: t({ en: "A catalogue as JSON.", zh: "目录文件（JSON）。" }),
  required: true,
} as const;

/** A catalogue in a file, as it is written there and as it is read. */
type CatalogueFile = { readonly document: JsonObject; readonly catalogue: Catalogue };

/** The catalogue in a file; undefined when it cannot be published, which is printed. */
export async function catalogueIn(file: string): Promise<CatalogueFile | undefined> {
  const text = await readFile(file, "utf8").catch(() => undefined);
  if (text === undefined) {
    printError(t({ en: `The file ${file} cannot be read.`, zh: `无法读取文件 ${file}。` }));
    return undefined;
  }
  const document = parseJson(text);
  if (document === undefined) {
    printError(t({ en: `The file ${file} is not JSON.`, zh: `文件 ${file} 不是 JSON。` }));
    return undefined;
  }
  const catalogue = readCatalogue(document);
  if (catalogue.ok) return { document: document as JsonObject, catalogue: catalogue.value };
  printRefusal(catalogue.refusal);
  return undefined;
}

/** Parsed JSON; undefined when it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
