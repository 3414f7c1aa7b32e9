import { accessSync, constants } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import type { DatabaseKind } from "../../packages/testkit/src/fresh-database.ts";

/** What the operator wants to verify. */
export type Arguments = {
  readonly kind: DatabaseKind;
  readonly url: string;
  /** Another address of the same server or cluster, for the second of two processes. */
  readonly secondUrl: string | undefined;
  /** The path of an SQL script that runs after the migrations of each database. */
  readonly afterMigrations: string | undefined;
};

/** The command line cannot be obeyed. */
export class UsageError extends Error {
  override name = "UsageError";
}

function kindOf(url: string): DatabaseKind | undefined {
  if (url === "sqlite") return "sqlite";
  if (/^postgres(ql)?:/.test(url)) return "postgresql";
  if (/^(mysql|mariadb):/.test(url)) return "mysql";
  return /^mongodb(\+srv)?:/.test(url) ? "mongodb" : undefined;
}

/** Reads the command line. @throws UsageError, or the error of `parseArgs` */
export function readArguments(args: readonly string[]): Arguments {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { "second-url": { type: "string" }, "after-migrations": { type: "string" } },
  });
  const [url = "", ...others] = positionals;
  const kind = kindOf(url);
  if (kind === undefined || others.length > 0) throw new UsageError("The URL of one database server is needed.");
  const secondUrl = values["second-url"];
  const script = values["after-migrations"];
  if (secondUrl !== undefined) checkSecondUrl(kind, secondUrl);
  if (script !== undefined) checkScript(kind, script);
  return { kind, url, secondUrl, afterMigrations: script === undefined ? undefined : resolve(script) };
}

function checkSecondUrl(kind: DatabaseKind, secondUrl: string): void {
  if (kind === "sqlite") {
    throw new UsageError("--second-url needs a database server: only one process can use an SQLite database.");
  }
  if (kindOf(secondUrl) !== kind) throw new UsageError(`--second-url must be a URL of ${kind}, as the first one is.`);
}

function checkScript(kind: DatabaseKind, script: string): void {
  if (kind === "sqlite" || kind === "mongodb") {
    throw new UsageError(`--after-migrations runs SQL on PostgreSQL, MySQL and MariaDB, not on ${kind}.`);
  }
  try {
    accessSync(script, constants.R_OK);
  } catch (error) {
    throw new UsageError(`--after-migrations cannot be read: ${(error as Error).message}`);
  }
}

/** The URL without its password and its parameters, which can contain one. */
export function shownUrl(url: string): string {
  const [, scheme, user, place] = /^(\w[\w+]*:\/\/)(?:([^:@/?]*)(?::[^@/?]*)?@)?([^@?]*)(?:\?[^@]*)?$/.exec(url) ?? [];
  if (scheme === undefined) return `${/^\w*/.exec(url)?.[0]}://…`;
  return `${scheme}${user ? `${user}@` : ""}${place}`;
}
