import { spawn } from "node:child_process";
import { once } from "node:events";
import { chownSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findProgram } from "./find-program.ts";
import { freePort } from "./free-port.ts";
import { identityForServer } from "./system-user.ts";
import { timeLimit } from "./time-limit.ts";

/** An nginx that belongs to one test. */
export type OwnNginx = AsyncDisposable & {
  readonly url: string;
  /** How often it gave each status; `200 after 502` when it had tried another server before, where 502 is a refused connection. */
  tally(): ReadonlyMap<string, number>;
  /** Its log of errors. */
  errors(): string;
};

const READY_WITHIN_MS = timeLimit(10);

/** Whether nginx is installed here, so that `startNginx` can start it. */
export const hasNginx = (): boolean => findProgram("nginx") !== undefined;

/**
 * Starts nginx before servers on these ports of 127.0.0.1, as docs/deployments.md configures it, on a free port.
 * @param prefix the path below which the servers are, such as `/jifen`
 */
export async function startNginx(upstreams: readonly number[], prefix = ""): Promise<OwnNginx> {
  const program = findProgram("nginx");
  if (program === undefined) throw new Error("nginx is not installed here: Debian's package is nginx-light");
  const folder = mkdtempSync(join(tmpdir(), "jifen-nginx-"));
  const identity = identityForServer();
  if (identity.uid !== undefined && identity.gid !== undefined) chownSync(folder, identity.uid, identity.gid);
  const port = await freePort();
  const [file, accessLog, errorLog] = ["nginx.conf", "access.log", "error.log"].map((name) => join(folder, name)) as [
    string,
    string,
    string,
  ];
  const site = toLocal(documentedConfiguration(), { port, upstreams, prefix });
  writeFileSync(file, completeConfiguration({ folder, accessLog, errorLog, site }));
  const child = spawn(program, ["-c", file, "-p", folder, "-e", errorLog], { ...identity, stdio: "ignore" });
  const ended = once(child, "exit");
  const stop = async () => {
    child.kill("SIGTERM");
    await ended;
  };
  process.once("exit", () => {
    child.kill("SIGTERM");
    rmSync(folder, { recursive: true, force: true });
  });
  const url = `http://127.0.0.1:${port}`;
  for (const began = Date.now(); !(await answers(url)); await new Promise((resolve) => setTimeout(resolve, 20))) {
    if (child.exitCode === null && Date.now() - began < READY_WITHIN_MS) continue;
    await stop();
    throw new Error(`nginx did not answer: ${readFileSync(errorLog, "utf8")}`);
  }
  return {
    url,
    tally: () => tallyOf(readFileSync(accessLog, "utf8")),
    errors: () => readFileSync(errorLog, "utf8"),
    [Symbol.asyncDispose]: async () => {
      await stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** The first configuration of nginx in docs/deployments.md. */
function documentedConfiguration(): string {
  const page = readFileSync(new URL("../../../docs/deployments.md", import.meta.url), "utf8");
  const text = /```nginx\n(?<text>.*?)```/s.exec(page)?.groups?.["text"];
  if (text === undefined) throw new Error("docs/deployments.md has no configuration of nginx");
  return text;
}

type Site = { readonly port: number; readonly upstreams: readonly number[]; readonly prefix: string };

/** The same configuration with the ports and the path of a test. */
function toLocal(text: string, { port, upstreams, prefix }: Site): string {
  const servers = /(?:^ *server [\d.]+:\d+(?<parameters>.*;)\n)+/m;
  const listens = /^ *listen 80;$/m;
  const location = /location \/ \{\n *proxy_pass http:\/\/jifen;/;
  if (!servers.test(text) || !listens.test(text)) throw new Error("the documented nginx lacks servers or a port");
  if (!location.test(text)) throw new Error("the documented nginx lacks a location");
  const parameters = servers.exec(text)?.groups?.["parameters"];
  return text
    .replace(servers, upstreams.map((each) => `  server 127.0.0.1:${each}${parameters}\n`).join(""))
    .replace(listens, `  listen 127.0.0.1:${port};`)
    .replace(location, prefix === "" ? "$&" : `location ${prefix}/ {\n    proxy_pass http://jifen/;`);
}

type Parts = { readonly folder: string; readonly accessLog: string; readonly errorLog: string; readonly site: string };

const completeConfiguration = ({ folder, accessLog, errorLog, site }: Parts): string => `
daemon off;
pid ${folder}/nginx.pid;
error_log ${errorLog};
worker_processes 2;
events { worker_connections 1024; }
http {
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(" ")}
  log_format outcome '$status of $upstream_status';
  access_log ${accessLog} outcome;
${site}}
`;

/** Whether it listens. Without a server behind it that is a 502. */
const answers = (url: string): Promise<boolean> =>
  fetch(url).then(
    () => true,
    () => false,
  );

/** Lines are such as `200 of 502, 200`: the status of the answer, and of each server that was tried. */
function tallyOf(log: string): ReadonlyMap<string, number> {
  const names = log
    .split("\n")
    .filter(Boolean)
    .map((line) => {
      const [status = "", tried = ""] = line.split(" of ");
      const before = tried.split(", ").slice(0, -1);
      return before.length === 0 ? status : `${status} after ${before.join(", ")}`;
    });
  return new Map([...Map.groupBy(names, (name) => name)].map(([name, all]) => [name, all.length]));
}
