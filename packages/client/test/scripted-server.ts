import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** One request as it arrived. `inputs` are those of a batch, in order. */
type Arrived = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly inputs: readonly Readonly<Record<string, unknown>>[];
};

const JSON_TYPE = { "content-type": "application/json" };

/** How the server treats one request, after it has read all of it. */
export type Step = (response: ServerResponse, arrived: Arrived) => void;

/** A server that follows a script. */
export type ScriptedServer = AsyncDisposable & { readonly url: string; readonly arrived: readonly Arrived[] };

/** Starts a server that takes one step for each request; the last step is taken again and again. */
export async function startScriptedServer(...steps: readonly [Step, ...Step[]]): Promise<ScriptedServer> {
  const arrived: Arrived[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const one = read(request, Buffer.concat(chunks).toString());
    const step = steps[Math.min(arrived.length, steps.length - 1)];
    arrived.push(one);
    step?.(response, one);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    arrived,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function read(request: IncomingMessage, body: string): Arrived {
  const url = new URL(request.url ?? "/", "http://localhost");
  const sent = body || url.searchParams.get("input") || "{}";
  const inputs = Object.values(JSON.parse(sent) as Record<string, { json: Record<string, unknown> }>);
  return {
    method: request.method ?? "",
    path: url.pathname,
    headers: request.headers,
    inputs: inputs.map(({ json }) => json),
  };
}

/** Cuts the connection: the caller cannot know whether anything happened. */
export const cutOff: Step = (response) => response.destroy();

/** Says nothing, for ever. */
export const fallSilent: Step = () => undefined;

/** Begins an answer and says nothing more. */
export const fallSilentInTheMiddle: Step = (response) => {
  response.writeHead(200, JSON_TYPE).write('[{"result":');
};

/** Answers each call of the batch with the next of these. */
export const succeed =
  (...values: readonly unknown[]): Step =>
  (response) =>
    void response
      .writeHead(200, JSON_TYPE)
      .end(JSON.stringify(values.map((value) => ({ result: { data: { json: value } } }))));

/** What a refusal is made of. */
type Refused = { readonly status: number; readonly headers?: Record<string, string>; readonly app: { code: string } };

/** Refuses the one call of the batch, as the server does: tRPC's envelope around our error. */
export const refuse =
  ({ status, headers, app }: Refused): Step =>
  (response) => {
    const wire = { message: "积分不足", requestId: "req-1", ...app };
    const data = { code: "PAYMENT_REQUIRED", httpStatus: status, path: "credits.consume", app: wire };
    const body = [{ error: { json: { message: wire.message, code: -32_002, data } } }];
    response.writeHead(status, { ...JSON_TYPE, ...headers }).end(JSON.stringify(body));
  };

/** Answers the whole request with this text. */
export const say =
  (status: number, contentType: string, text: string): Step =>
  (response) =>
    void response.writeHead(status, { "content-type": contentType }).end(text);
