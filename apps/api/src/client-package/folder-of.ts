import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

const manifests = {
  client: () => import.meta.resolve("@jifen/client/package.json"),
  contract: () => import.meta.resolve("@jifen/contract/package.json"),
  core: () => import.meta.resolve("@jifen/core/package.json"),
} as const;

/** A package of this repository that the client consists of. */
export type ClientPart = keyof typeof manifests;

/** The folder of a package, in the repository and in an image. */
export const folderOf = (part: ClientPart): string => dirname(fileURLToPath(manifests[part]()));
