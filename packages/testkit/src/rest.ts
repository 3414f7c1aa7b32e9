/** What a call sends beside its address. */
export type RestCall = {
  /** Goes into `Authorization: Bearer`. */
  readonly token?: string;
  /** Goes into `X-User-Id`. */
  readonly userId?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON, or as it is when it is text. */
  readonly body?: unknown;
  /** Ends the wait for an answer. */
  readonly signal?: AbortSignal;
};

/** What came back. `body` is parsed when it is JSON, otherwise it is text. */
export type RestAnswer = {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a black-box test looks into whatever came back; what it expects is the check.
  readonly body: any;
};

/** One HTTP call, without retries: what the server answers is what the test sees. */
// biome-ignore lint/complexity/useMaxParams: it reads as the request does, `POST /credits/consume` at a server.
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
