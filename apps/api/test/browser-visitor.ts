import type { operations } from "@jifen/contract";
import type { z } from "zod";

/** The headers that a page of the server sends with a request. */
export const ownPage = { "x-jifen-session": "1", "sec-fetch-site": "same-origin" };

/** The answer of `session.current`. */
type SessionState = z.output<typeof operations.session.current.output>;

/** A browser as far as its cookies go: it keeps what the server sets, and sends it with every request. */
export type Visitor = {
  /** The value of the cookie for the `Cookie` header; empty without one. */
  cookie(): string;
  /** The last Set-Cookie header. */
  setCookie(): string | null;
  submit(path: string, fields: Readonly<Record<string, string>>, headers?: Record<string, string>): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  /** What `GET /session` answers to a page of the server. */
  session(): Promise<SessionState>;
  /** Calls a procedure as a page of the server does. */
  mutate(path: string, input: unknown, headers?: Record<string, string>): Promise<{ status: number; body: unknown }>;
};

/** A response in tRPC's form. */
type TrpcAnswer = {
  readonly result?: { readonly data: { readonly json: unknown } };
  readonly error?: { readonly json: { readonly data: { readonly app: unknown } } };
};

/** A browser of a server at this address. */
export function createVisitor(url: string): Visitor {
  let cookie = "";
  let setCookie: string | null = null;
  const request = async (path: string, init: RequestInit) => {
    const headers = { ...(cookie === "" ? {} : { cookie }), ...init.headers };
    const response = await fetch(`${url}${path}`, { redirect: "manual", ...init, headers });
    const set = response.headers.get("set-cookie");
    if (set?.includes("jifen_session=")) {
      setCookie = set;
      cookie = /Max-Age=0;/.test(set) ? "" : (set.split(";", 1)[0] ?? "");
    }
    return response;
  };
  return {
    cookie: () => cookie,
    setCookie: () => setCookie,
    submit: (path, fields, headers = {}) =>
      request(path, { method: "POST", body: new URLSearchParams(fields), headers }),
    get: (path, headers = {}) => request(path, { headers }),
    session: async () => (await request("/session", { headers: ownPage })).json(),
    mutate: async (path, input, headers = ownPage) => {
      const body = JSON.stringify({ json: input });
      const init = { method: "POST", body, headers: { ...headers, "content-type": "application/json" } };
      const response = await request(`/trpc/${path}`, init);
      const answer = (await response.json()) as TrpcAnswer;
      return { status: response.status, body: answer.result?.data.json ?? answer.error?.json.data.app };
    },
  };
}
