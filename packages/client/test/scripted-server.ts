import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** A received request. `inputs` are those of its batch, in order. */
type ReceivedRequest = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly inputs: readonly Readonly<Record<string, unknown>>[];
};

const JSON_TYPE = { "content-type": "application/json" };

/** Handles one request, after its body was read. */
export type Step = (response: ServerResponse, request: ReceivedRequest) => void;

/** A server that follows a script. `requests` are all requests so far. */
export type ScriptedServer = AsyncDisposable & { readonly url: string; readonly requests: readonly ReceivedRequest[] };

/** Starts a server that takes one step per request and repeats the last step. */
export async function startScriptedServer(...steps: readonly [Step, ...Step[]]): Promise<ScriptedServer> {
  const requests: ReceivedRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const received = read(request, Buffer.concat(chunks).toString());
    const step = steps[Math.min(requests.length, steps.length - 1)];
    requests.push(received);
    step?.(response, received);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function read(request: IncomingMessage, body: string): ReceivedRequest {
  const url = new URL(request.url ?? "/", "http://localhost");
  const text = body || url.searchParams.get("input") || "{}";
  const inputs = Object.values(JSON.parse(text) as Record<string, { json: Record<string, unknown> }>);
  return {
    method: request.method ?? "",
    path: url.pathname,
    headers: request.headers,
    inputs: inputs.map(({ json }) => json),
  };
}

/** Closes the connection without a response: the outcome is unknown to the client. */
export const disconnect: Step = (response) => response.destroy();

/** Never responds. */
export const neverRespond: Step = () => undefined;

/** Starts a response and never finishes it. */
export const stopMidResponse: Step = (response) => {
  response.writeHead(200, JSON_TYPE).write('[{"result":');
};

/** Responds to the calls of a batch with these values, in order. */
export const succeed =
  (...values: readonly unknown[]): Step =>
  (response) =>
    void response
      .writeHead(200, JSON_TYPE)
      .end(JSON.stringify(values.map((value) => ({ result: { data: { json: value } } }))));

/** The parts of a refusal. */
type RefusalParts = {
  readonly status: number;
  readonly headers?: Record<string, string>;
  readonly app: { code: string };
};

/** Refuses a batch of one call like the real server: our error inside tRPC's error shape. */
export const refuse =
  ({ status, headers, app }: RefusalParts): Step =>
  (response) => {
    const error = { message: "积分不足", requestId: "req-1", ...app };
    const data = { code: "PAYMENT_REQUIRED", httpStatus: status, path: "credits.consume", app: error };
    const body = [{ error: { json: { message: error.message, code: -32_002, data } } }];
    response.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify(body));
  };

/** Responds to the whole request with this text. */
export const respond =
  (status: number, contentType: string, text: string): Step =>
  (response) =>
    void response.writeHead(status, { "content-type": contentType }).end(text);
