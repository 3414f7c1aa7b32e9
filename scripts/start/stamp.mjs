/** What the last start has installed and built, kept in node_modules so that it ends with it. */
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";

const file = "node_modules/.jifen-start.json";

/** The file's text; undefined where there is no such file. */
export function readIfExists(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}

/** @returns {Record<string, string>} */
export function readStamp() {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    // Missing or cut off: everything is done again.
    return {};
  }
}

/** @param {Record<string, string>} changes */
export function writeStamp(changes) {
  mkdirSync("node_modules", { recursive: true });
  writeFileSync(file, `${JSON.stringify({ ...readStamp(), ...changes })}\n`);
}
