import { migrateDatabase } from "@jifen/database";
import {
  type Api,
  callRest,
  type DatabaseKind,
  type FreshDatabase,
  migratedDatabase,
  type RestAnswer,
  type RestCall,
  startApi,
} from "@jifen/testkit";
import { createTestUsers } from "./test-users.ts";

/** The user of most tests. */
export const user = { email: "user@example.com", password: "password123" };
/** A second user. */
export const other = { email: "other@example.com", password: "password456" };

/** A server with its own database, and calls of it. */
export type Server = {
  readonly api: Api;
  readonly database: FreshDatabase;
  /** One REST call, without a credential unless `call` has one. */
  call(method: string, path: string, call?: RestCall): Promise<RestAnswer>;
  /** Logs in. @returns the token. */
  token(of?: { email: string; password: string }): Promise<string>;
  stop(): Promise<void>;
};

/** Starts the real server with its own database and two users of 100 credits each. */
export async function startServer(kind: DatabaseKind, env: Record<string, string> = {}): Promise<Server> {
  const database = await migratedDatabase(kind, migrateDatabase);
  const list = [user, other].map(({ email, password }) => `${email}:${password}`).join(",");
  const settings = { USER_WHITELIST: list, INITIAL_CREDITS: "100", ...env };
  await createTestUsers(database.url, settings.USER_WHITELIST, Number(settings.INITIAL_CREDITS));
  const api = await startApi({ databaseUrl: database.url, env: settings });
  const call: Server["call"] = (method, path, options) => callRest(api.url, method, path, options);
  return {
    api,
    database,
    call,
    token: async (of = user) => {
      const answer = await call("POST", "/auth/login", { body: of });
      if (answer.status !== 200) throw new Error(`login failed: ${JSON.stringify(answer.body)}`);
      return answer.body.token;
    },
    stop: async () => {
      await api.stop();
      await database.drop();
    },
  };
}
