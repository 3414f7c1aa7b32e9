/** `pnpm licenses:check`: lists dependencies of the server, the console and the client whose licence is not allowed, and fails then. */
import { execFileSync } from "node:child_process";
import { forbidden, type Licenses } from "./allowed.ts";

const shipped = ["@jifen/api", "@jifen/client", "@jifen/console"];
const filters = shipped.flatMap((name) => ["--filter", `${name}...`]);
const output = execFileSync("pnpm", [...filters, "licenses", "list", "--prod", "--json"], { encoding: "utf8" });
const found = forbidden(JSON.parse(output) as Licenses);
for (const each of found) process.stdout.write(`${each}\n`);
if (found.length > 0) process.exitCode = 1;
