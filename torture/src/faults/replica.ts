import { randomUUID } from "node:crypto";
import { setTimeout } from "node:timers/promises";
import { openDatabase } from "@jifen/database";
import { type Api, callRest, startServer } from "@jifen/testkit/processes";
import { openRawDatabase } from "../checker/open-raw-database.ts";
import { HOOK_VARIABLE, MUTANT_VARIABLE } from "../mutants/mutant.ts";
import type { TestUser } from "./send.ts";

const PASSWORD = "bench-password";
/** PASSWORD by bcrypt at its lowest cost: logins are not under test here. */
const PASSWORD_HASH = "$2b$04$PIM5nrBK00Brlu188LQNTemjh1MZCnvKOcuep3UTM1u4MLYc/WWs.";
/** Each run has its own secret: a client that reaches a port of an earlier run must not be accepted. */
const SECRET = randomUUID();
const ADMIN = "admin@torture.example";

const START_ATTEMPTS = 3;

/** How a server of a test differs from others. */
type ReplicaOptions = {
  /** Options of Node itself. */
  readonly nodeOptions?: readonly string[];
  /** More settings, such as PORT. */
  readonly env?: Readonly<Record<string, string>>;
};

/** A server process that is killed and restarted; without PORT its URL changes with each start. */
export class Replica {
  readonly #databaseUrl: string;
  readonly #options: ReplicaOptions;
  #api: Api | undefined;
  /** How often it was killed. */
  kills = 0;

  constructor(databaseUrl: string, options: ReplicaOptions = {}) {
    this.#databaseUrl = databaseUrl;
    this.#options = options;
  }

  /** The URL of the last start. Before the first start it refuses connections. */
  get url(): string {
    return this.#api?.url ?? "http://127.0.0.1:1";
  }

  /** On a busy machine the database can take too long to answer a server that starts. */
  async start(attempt = 1): Promise<void> {
    try {
      this.#api = await this.#startOnce();
    } catch (error) {
      if (attempt === START_ATTEMPTS) throw error;
      await this.start(attempt + 1);
    }
  }

  #startOnce(): Promise<Api> {
    return startServer({
      databaseUrl: this.#databaseUrl,
      nodeOptions: this.#options.nodeOptions ?? [],
      fromSource: process.env[MUTANT_VARIABLE] !== undefined,
      env: {
        JWT_SECRET: SECRET,
        ADMIN_EMAILS: ADMIN,
        LOG_LEVEL: "info",
        ...mutantOf(process.env),
        ...this.#options.env,
      },
    });
  }

  async kill(): Promise<void> {
    this.kills += 1;
    await this.#api?.stop("SIGKILL");
  }

  /** Stops the server. @returns findings: errors in its log, and a wrong exit code */
  async stop(): Promise<string[]> {
    const code = await this.#api?.stop();
    const errors = (this.#api?.logs() ?? []).filter(({ level }) => level === "error" || level === "fatal");
    const findings = errors.slice(0, 3).map((record) => `a server logged ${JSON.stringify(record).slice(0, 600)}`);
    if (code === 0) return findings;
    return [...findings, `a server ended with exit code ${code}: ${this.#api?.output().slice(-1_500)}`];
  }
}

/** A process that runs with a mutant starts servers with the same mutant. */
function mutantOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const [name, hook] = [env[MUTANT_VARIABLE], env[HOOK_VARIABLE]];
  return name === undefined || hook === undefined ? {} : { [MUTANT_VARIABLE]: name, NODE_OPTIONS: `--import=${hook}` };
}

/** Puts a server's clock an hour ahead. With a database server, the database's clock must decide. */
export const anHourAhead: ReplicaOptions = {
  nodeOptions: ["--import=data:text/javascript,const%20now=Date.now;Date.now=()=>now()+3600000;"],
};

/** Creates the tables, and users without an account. @returns their e-mail addresses, the admin's first */
export async function createUsers(databaseUrl: string, count: number): Promise<readonly string[]> {
  await (await openDatabase(databaseUrl)).close();
  await using database = await openRawDatabase(databaseUrl);
  const emails = [ADMIN, ...Array.from({ length: count }, (_, at) => `person-${at}@torture.example`)];
  await database.addUsers(emails, PASSWORD_HASH);
  return emails;
}

/** The server accepts twenty waiting passwords for each of its hashing threads. */
const CONCURRENT_LOGINS = 16;

/** Logs users in. @returns them in the order of their addresses */
export async function logInUsers(url: string, emails: readonly string[]): Promise<TestUser[]> {
  const users: TestUser[] = [];
  for (let from = 0; from < emails.length; from += CONCURRENT_LOGINS) {
    const some = emails.slice(from, from + CONCURRENT_LOGINS);
    users.push(...(await Promise.all(some.map((email) => logIn(url, email)))));
  }
  return users;
}

/** A busy machine can keep a server that has just started from its database for a moment. */
const LOGIN_ATTEMPTS = 5;

async function logIn(url: string, email: string, attempt = 1): Promise<TestUser> {
  const { status, body } = await callRest(url, "POST", "/auth/login", { body: { email, password: PASSWORD } });
  if (status === 503 && attempt < LOGIN_ATTEMPTS) {
    await setTimeout(500);
    return logIn(url, email, attempt + 1);
  }
  if (status !== 200) throw new Error(`login answered ${status} ${JSON.stringify(body)}`);
  return { email, account: `user:${email}`, token: body.token };
}
