import { type Api, callRest, type DatabaseKind, eventually, type RestCall, startApi } from "@jifen/testkit";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type OpenLive, openLive } from "./open-live.ts";
import { type ApiWithAdmin, admin, inMs, startApiWithAdmin } from "./start-api-with-admin.ts";
import { other, user } from "./start-server.ts";

const common = { JWT_SECRET: "secret-of-both-servers-".repeat(2), RATE_LIMIT_LOGIN: "off", RATE_LIMIT_IP: "off" };

type Call = Partial<Parameters<typeof openLive>[1]>;
type As = "user" | "other" | "admin";

/** Two servers on one database, and streams of both, which are left after each test. */
export type TwoServers = {
  /** The first server. */
  readonly api: ApiWithAdmin;
  /** The second one. */
  elsewhere: Api;
  /** The settings of both. */
  readonly env: Readonly<Record<string, string>>;
  /** Opens a stream, of `user` unless the call has another token. */
  open(at: "here" | "elsewhere", call?: Call): Promise<OpenLive>;
  /** Opens a stream, and waits for its first event. */
  opened(at: "here" | "elsewhere", call?: Call): Promise<OpenLive>;
  /** Calls the first server. @returns the body of the answer, which is a success */
  // biome-ignore lint/suspicious/noExplicitAny: a black-box test checks the body by its expectations, not by its type.
  post(path: string, body: object, as?: As): Promise<any>;
  /** Writes a log at the first server. @returns its id */
  newLog(fields?: object, as?: "user" | "other"): Promise<string>;
  /** A service key of the admin. */
  newKey(scopes: readonly string[]): Promise<{ readonly key: string; readonly keyId: string }>;
  /** Calls the second server. */
  there: (method: string, path: string, call?: RestCall) => ReturnType<typeof callRest>;
};

/** The ids of the logs that a stream has sent. */
export const idsIn = (stream: OpenLive): readonly unknown[] => stream.events("log").map(({ data }) => data["logId"]);

/** Starts two servers on one database for the tests of the surrounding `describe`. */
export function useTwoServers(kind: DatabaseKind, { here = {}, elsewhere = {} } = {}): TwoServers {
  const env = { ...common, ADMIN_EMAILS: admin.email };
  const streams: OpenLive[] = [];
  const servers = { env } as unknown as { -readonly [Name in keyof TwoServers]: TwoServers[Name] };
  beforeAll(async () => {
    servers.api = await startApiWithAdmin(kind, { ...env, ...here });
    const { secondUrl } = servers.api.server.database;
    servers.elsewhere = await startApi({ databaseUrl: secondUrl, env: { ...env, ...elsewhere } });
  });
  afterEach(() => {
    for (const stream of streams.splice(0)) stream.close();
  });
  afterAll(async () => {
    await servers.elsewhere?.stop();
    await servers.api?.server.stop();
  });
  const open: TwoServers["open"] = async (at, call = {}) => {
    const { url } = at === "here" ? servers.api.server.api : servers.elsewhere;
    const stream = await openLive(url, { token: servers.api.tokens.user, ...call });
    streams.push(stream);
    return stream;
  };
  const post: TwoServers["post"] = async (path, body, as = "user") => {
    const answer = await servers.api.post(path, body, { as });
    expect(answer).toMatchObject({ status: 200 });
    return answer.body;
  };
  return Object.assign(servers, {
    open,
    opened: async (...parameters: Parameters<typeof open>) => {
      const stream = await open(...parameters);
      expect(stream.status).toBe(200);
      await eventually(async () => expect(stream.events()).not.toEqual([]));
      return stream;
    },
    post,
    newLog: async (fields: object = {}, as: "user" | "other" = "user") => {
      const userId = (as === "user" ? user : other).email;
      const log = { userId, action: "video", details: { n: 1 }, success: true, timestamp: inMs(0) };
      return (await post("/logs/create", { ...log, ...fields }, as)).logId as string;
    },
    newKey: (scopes: readonly string[]) => post("/keys", { name: "k", scopes }, "admin"),
    there: (method: string, path: string, call?: RestCall) => callRest(servers.elsewhere.url, method, path, call),
  });
}
