import { randomUUID } from "node:crypto";
import { openDatabase } from "@jifen/database";
import { type Api, callRest, startServer } from "@jifen/testkit/processes";
import { openRawDatabase } from "../checker/raw-database.ts";
import { HOOK_VARIABLE, MUTANT_VARIABLE } from "../mutants/mutant.ts";
import type { Person } from "./call.ts";

const PASSWORD = "bench-password";
/** PASSWORD by bcrypt at its lowest cost: logins are not what is tried here. */
const PASSWORD_HASH = "$2b$04$PIM5nrBK00Brlu188LQNTemjh1MZCnvKOcuep3UTM1u4MLYc/WWs.";
/** Of this run alone: who comes to an address that another run had before must not be let in. */
const SECRET = randomUUID();
const ADMIN = "admin@torture.example";

/** A server whose process is ended and started again, at whatever address it then has. */
export class Replica {
  readonly #databaseUrl: string;
  readonly #nodeOptions: readonly string[];
  #api: Api | undefined;
  /** How often it was ended in the middle of its work. */
  kills = 0;

  constructor(databaseUrl: string, nodeOptions: readonly string[] = []) {
    this.#databaseUrl = databaseUrl;
    this.#nodeOptions = nodeOptions;
  }

  /** Where it listens; where nobody does when it is not there. */
  get url(): string {
    return this.#api?.url ?? "http://127.0.0.1:1";
  }

  async start(): Promise<void> {
    this.#api = await startServer({
      databaseUrl: this.#databaseUrl,
      nodeOptions: this.#nodeOptions,
      fromSource: process.env[MUTANT_VARIABLE] !== undefined,
      env: { JWT_SECRET: SECRET, ADMIN_EMAILS: ADMIN, LOG_LEVEL: "info", ...mutantOf(process.env) },
    });
  }

  async kill(): Promise<void> {
    this.kills += 1;
    await this.#api?.stop("SIGKILL");
  }

  /** @returns what it should not have logged */
  async stop(): Promise<string[]> {
    const code = await this.#api?.stop();
    const bad = (this.#api?.logs() ?? []).filter(({ level }) => level === "error" || level === "fatal");
    const said = bad.slice(0, 3).map((line) => `a server logged ${JSON.stringify(line).slice(0, 600)}`);
    return code === 0 ? said : [...said, `a server ended with exit code ${code}: ${this.#api?.output().slice(-1_500)}`];
  }
}

/** A process that was started with a seeded bug starts servers that have it. */
function mutantOf(env: NodeJS.ProcessEnv): Record<string, string> {
  const [name, hook] = [env[MUTANT_VARIABLE], env[HOOK_VARIABLE]];
  return name === undefined || hook === undefined ? {} : { [MUTANT_VARIABLE]: name, NODE_OPTIONS: `--import=${hook}` };
}

/** Puts a server's clock an hour ahead: where the database is a server too, its clock decides about money. */
export const anHourAhead: readonly string[] = [
  "--import=data:text/javascript,const%20now=Date.now;Date.now=()=>now()+3600000;",
];

/** Makes the tables, and people who have nothing yet. @returns their e-mail addresses, the admin's first */
export async function makePeople(databaseUrl: string, count: number): Promise<readonly string[]> {
  await (await openDatabase(databaseUrl)).close();
  await using books = await openRawDatabase(databaseUrl);
  const emails = [ADMIN, ...Array.from({ length: count }, (_, at) => `person-${at}@torture.example`)];
  await books.addUsers(emails, PASSWORD_HASH);
  return emails;
}

/** How many log in at the same time: the server lets twenty passwords wait for each thread that checks them. */
const LOGINS_AT_ONCE = 16;

/** Logs people in. @returns them in the order of their addresses */
export async function logIn(url: string, emails: readonly string[]): Promise<Person[]> {
  const people: Person[] = [];
  for (let from = 0; from < emails.length; from += LOGINS_AT_ONCE) {
    const some = emails.slice(from, from + LOGINS_AT_ONCE);
    people.push(...(await Promise.all(some.map((email) => logInOne(url, email)))));
  }
  return people;
}

async function logInOne(url: string, email: string): Promise<Person> {
  const { status, body } = await callRest(url, "POST", "/auth/login", { body: { email, password: PASSWORD } });
  if (status !== 200) throw new Error(`login answered ${status} ${JSON.stringify(body)}`);
  return { email, account: `user:${email}`, token: body.token };
}
