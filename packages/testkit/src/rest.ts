/** The optional parts of a request. */
export type RestCall = {
  /** Sent in `Authorization: Bearer`. */
  readonly token?: string;
  /** Sent in `X-User-Id`. */
  readonly userId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string is sent as it is. */
  readonly body?: unknown;
  /** Aborts the request. */
  readonly signal?: AbortSignal;
};

/** The response. `body` is parsed when it is JSON, otherwise it is text. */
export type RestAnswer = {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a black-box test checks the body by its expectations, not by its type.
  readonly body: any;
};

/** Sends one HTTP request, without retries. */
// biome-ignore lint/complexity/useMaxParams: a call reads like the request, `POST /credits/consume` to a server.
export async function callRest(url: string, method: string, path: string, call: RestCall = {}): Promise<RestAnswer> {
  const response = await fetch(`${url}${path}`, {
    method,
    ...(call.signal === undefined ? {} : { signal: call.signal }),
    headers: {
      ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      ...(call.token === undefined ? {} : { authorization: `Bearer ${call.token}` }),
      ...(call.userId === undefined ? {} : { "x-user-id": call.userId }),
      ...call.headers,
    },
    ...(call.body === undefined ? {} : { body: typeof call.body === "string" ? call.body : JSON.stringify(call.body) }),
  });
  const text = await response.text();
  const isJson = text !== "" && /\bjson\b/.test(response.headers.get("content-type") ?? "");
  return { status: response.status, headers: response.headers, body: isJson ? JSON.parse(text) : text };
}
