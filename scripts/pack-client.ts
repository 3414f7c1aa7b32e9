// Packs the client as the server serves it at /client.tgz: node scripts/pack-client.ts FOLDER
import { mkdirSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { packClient } from "../apps/api/src/client-package/pack.ts";

const folder = resolve(process.argv[2] ?? "packed");
const { version, bytes } = await packClient();
const file = join(folder, `jifen-client-${version}.tgz`);
mkdirSync(folder, { recursive: true });
writeFileSync(file, bytes);
console.log(file);
