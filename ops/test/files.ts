import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The root folder of the repository. */
export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The text of a file of the repository. */
export const read = (path: string): string => readFileSync(`${root}${path}`, "utf8");
