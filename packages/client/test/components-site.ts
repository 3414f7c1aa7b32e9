import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { Readable } from "node:stream";
import type { ReadableStream } from "node:stream/web";
import { fileURLToPath } from "node:url";
import tailwindcss from "@tailwindcss/vite";
import { build, defaultClientConditions } from "vite";
import { createJifenClient } from "../src/index.ts";
import { createJifenHandler, defaultPaths, settle } from "../src/server.ts";

const root = fileURLToPath(new URL("page", import.meta.url));

/** No inline script and no inline style: the components need neither. */
const policy = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:";

/** A site with all components. */
export type ComponentsSite = AsyncDisposable & { readonly url: string };

type File = { readonly body: string | Uint8Array; readonly type: string };

const types: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript", css: "text/css" };

/** Bundles the page from the sources of hooks and components. @returns its files by path */
async function bundle(): Promise<ReadonlyMap<string, File>> {
  const result = await build({
    root,
    configFile: false,
    logLevel: "warn",
    plugins: [tailwindcss()],
    resolve: { conditions: ["@jifen/source", ...defaultClientConditions] },
    // React's development build mounts everything twice in strict mode.
    define: { "process.env.NODE_ENV": '"development"' },
    build: { write: false, minify: false, modulePreload: false, assetsInlineLimit: 0 },
  });
  if (!("output" in result)) throw new Error("Vite did not build one bundle");
  return new Map(
    result.output.map((file) => {
      const type = types[file.fileName.split(".").at(-1) ?? ""] ?? "application/octet-stream";
      return [`/${file.fileName}`, { body: file.type === "chunk" ? file.code : file.source, type }];
    }),
  );
}

/** Starts a site whose visitor is the user in a cookie: the handler, an action that charges, and the page. */
export async function startComponentsSite(
  apiUrl: string,
  tokens: ReadonlyMap<string, string>,
): Promise<ComponentsSite> {
  const files = await bundle();
  const tokenIn = (headers: Headers): string | undefined =>
    tokens.get(decodeURIComponent(/user=([^;]*)/.exec(headers.get("cookie") ?? "")?.[1] ?? ""));
  const handler = createJifenHandler({
    url: apiUrl,
    allow: [...defaultPaths, "keys.create", "keys.list", "keys.revoke", "keys.rotate"],
    identify: async ({ headers }) => {
      const token = tokenIn(headers);
      return token === undefined ? null : { token };
    },
  });
  const charge = async (request: Request): Promise<Response> => {
    const { amount, quote, idempotencyKey } = await request.json();
    const price = quote === undefined ? { amount, action: "video" } : { quote, action: "text_to_video" };
    const jifen = createJifenClient({ url: apiUrl, token: tokenIn(request.headers) ?? "" });
    return Response.json(await settle(() => jifen.credits.consume.mutate({ ...price, idempotencyKey })));
  };
  const answer = async (request: Request): Promise<Response> => {
    const { pathname } = new URL(request.url);
    if (pathname.startsWith("/api/jifen/")) return handler(request);
    if (pathname === "/charge") return charge(request);
    const file = files.get(pathname === "/" ? "/index.html" : pathname);
    if (!file) return new Response(null, { status: 404 });
    const headers = { "content-type": file.type, "content-security-policy": policy };
    return new Response(file.body as BodyInit, { headers });
  };
  const server = createServer((request, response) => void answer(toRequest(request)).then(sendTo(response)));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function toRequest(message: IncomingMessage): Request {
  const { method = "GET", headers } = message;
  // The types of browsers lack `duplex`, which a stream needs.
  const init: RequestInit & { duplex: "half" } = { method, headers: headers as Record<string, string>, duplex: "half" };
  if (method === "POST") init.body = Readable.toWeb(message) as BodyInit;
  return new Request(`http://${headers.host}${message.url}`, init);
}

const sendTo = (response: ServerResponse) => async (answer: Response) => {
  response.writeHead(answer.status, Object.fromEntries(answer.headers));
  if (answer.body) Readable.fromWeb(answer.body as ReadableStream).pipe(response);
  else response.end();
};
