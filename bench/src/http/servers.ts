import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath, pathToFileURL } from "node:url";
import { onPostgresql } from "@jifen/testkit/processes";
import Driver from "better-sqlite3";
import { type Accounts, createAccounts } from "../accounts.ts";
import type { Bench } from "../bench.ts";
import { insertCatalogue } from "../load/catalogue.ts";
import { applyLoad, type Load, type LoadPlan } from "../load/http-load.ts";
import { insertUsers, logInAll } from "../load/logins.ts";
import type { Tokens } from "../load/requests.ts";

/** A server in its own process. */
type Process = {
  readonly url: string;
  /** Sends SIGTERM. Resolves when the process has ended. @throws Error for an exit code other than 0 */
  stop(): Promise<void>;
};

/**
 * Starts a Node file that prints one JSON line with `"msg":"ready"` and its `url`. Its environment is `env` alone.
 * @throws Error when it ends before that
 */
export async function startProcess(file: URL, env: Readonly<Record<string, string>>): Promise<Process> {
  const child = spawn(process.execPath, [fileURLToPath(file)], { env, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "exit");
  const kill = () => child.kill();
  process.once("exit", kill);
  for await (const line of createInterface({ input: child.stdout })) {
    const { msg, url } = JSON.parse(line) as { msg: string; url: string };
    if (msg !== "ready") continue;
    child.stdout.resume();
    const stop = async () => {
      process.off("exit", kill);
      child.kill();
      const [code] = await ended;
      if (code !== 0) throw new Error(`${file} ended with exit code ${code}`);
    };
    return { url, stop };
  }
  throw new Error(`${file} did not start`);
}

/** One secret for all servers of a run: the token of one server is valid on all. */
const JWT_SECRET = randomBytes(32).toString("base64");

/** The variables of a server in production mode on a free port. */
const environmentOf = (databaseUrl: string) => ({
  ...{ HOST: "127.0.0.1", PORT: "0", NODE_ENV: "production", JWT_SECRET, DATABASE_URL: databaseUrl },
});

/** The built server. @param settings further variables of its environment */
export const startApi = (databaseUrl: string, settings: Readonly<Record<string, string>> = {}): Promise<Process> =>
  startProcess(new URL("dist/main.js", import.meta.resolve("@jifen/api/package.json")), {
    ...environmentOf(databaseUrl),
    ...settings,
  });

/** The built server of another checkout. */
export const startFormerApi = (folder: string, databaseUrl: string): Promise<Process> =>
  startProcess(pathToFileURL(join(folder, "apps/api/dist/main.js")), environmentOf(databaseUrl));

/** Inserts the users and the catalogue. */
export async function insertRows(kind: keyof typeof names, url: string, rows: string): Promise<void> {
  if (kind === "sqlite") new Driver(url.slice("file:".length)).exec(rows).close();
  else await onPostgresql(url, (client) => client.query(rows));
}

/** Server processes on one database with ten thousand users. */
export type Servers = {
  readonly name: string;
  readonly urls: readonly string[];
  readonly tally: Accounts["tally"];
  /** Applies load to one process. A failed answer is a finding, unless its code is in `expected`. */
  load(plan: Omit<LoadPlan, "url"> & { readonly url?: string }, expected?: readonly string[]): Promise<Load>;
  /** Lets the servers see most of the tokens once; counts in the consistency check, and in no rate. */
  warmUp(work: LoadPlan["work"]): Promise<void>;
  stop(): Promise<void>;
};

const names = { sqlite: "Jifen on SQLite", postgresql: "Jifen on PostgreSQL" } as const;
const WARM_UP_SECONDS = 2;

/** Starts servers on the database of this kind, which all parts share. */
export async function startServers(bench: Bench, kind: keyof typeof names, processes = 1): Promise<Servers> {
  const { name, url, tally } = await bench.once(kind, async () => {
    const accounts = await createAccounts(bench, kind, names[kind]);
    await insertRows(kind, accounts.url, `${insertUsers};${insertCatalogue}`);
    return accounts;
  });
  const servers = await Promise.all(Array.from({ length: processes }, () => startApi(url)));
  const urls = servers.map((server) => server.url);
  const load: Servers["load"] = async (plan, expected = []) => {
    const result = await applyLoad({ url: urls[0] as string, ...plan });
    tally.confirmed += result.confirmed;
    tally.unanswered += result.unanswered;
    for (const [code, times] of Object.entries(result.failed)) {
      const says = `${name}: ${times} answers with ${code}, which count in no rate`;
      if (!expected.includes(code)) bench.report.finding(says);
    }
    return result;
  };
  return {
    ...{ name, urls, tally, load },
    warmUp: async (work) => void (await load({ work, connections: 64, seconds: WARM_UP_SECONDS })),
    stop: async () => void (await Promise.all(servers.map((server) => server.stop()))),
  };
}

/** Logs every user in, once for all parts. */
export const logIn = (bench: Bench): Promise<Tokens> =>
  bench.once("tokens", async () => {
    const servers = await startServers(bench, "sqlite");
    bench.report.progress("  logging the users in");
    return await logInAll(servers.urls[0] as string).finally(() => servers.stop());
  });
