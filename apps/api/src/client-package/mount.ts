import type { Hono, Context as HonoContext } from "hono";
import type { Deps } from "../http/deps.ts";
import type { Env } from "../http/env.ts";
import type { Responses } from "../http/responses.ts";
import { documentHandler } from "../http/static-document.ts";
import { ClientNotBuilt } from "./client-not-built.ts";

/** What the archive is served with. */
type ClientMount = {
  readonly deps: Pick<Deps, "rateLimits" | "clientAddress" | "log">;
  readonly responses: Responses;
};

type Packed = { readonly file: string; readonly serve: (c: HonoContext<Env>) => Promise<Response> };

const NOT_BUILT = `The client is not built. Run \`npx pnpm@12.21.0 run build:server\` in the folder of the server.
客户端尚未构建，请在服务器目录运行 \`npx pnpm@12.21.0 run build:server\`。
`;

/**
 * Serves the client of this server, for `npm install https://credits.example.com/client.tgz`: at `/client.tgz`, and at
 * `/client-<version>.tgz` for a site that names its version. It is packed at the first request.
 */
export function mountClientPackage(app: Hono<Env>, { deps, responses }: ClientMount): void {
  const serve = documentHandler(deps, responses);
  const pack = async (): Promise<Packed> => {
    // Loaded at the first request: most servers never pack, and it uses what an older Node does not have.
    const { packClient } = await import("./pack.ts");
    const { version, bytes } = await packClient();
    // Changes with an upgrade only.
    const shared = { contentType: "application/gzip", cacheControl: "public, max-age=300" };
    return { file: `client-${version}.tgz`, serve: serve({ ...shared, render: () => ({ identity: bytes }) }) };
  };
  let packed: Promise<Packed> | undefined;
  app.get("/:file{client(-[^/]+)?\\.tgz}", async (c) => {
    try {
      packed ??= pack();
      const { file, serve } = await packed;
      const isKnown = ["client.tgz", file].includes(c.req.param("file"));
      return isKnown ? await serve(c) : responses.refusal(c, { code: "NOT_FOUND" });
    } catch (error) {
      // The next request packs again.
      packed = undefined;
      if (!(error instanceof ClientNotBuilt)) throw error;
      deps.log.warn({ reason: error.message }, "the client is not built: /client.tgz is not served");
      const headers = {
        ...responses.headers(c),
        "Content-Type": "text/plain; charset=UTF-8",
        "Cache-Control": "no-store",
      };
      return new Response(NOT_BUILT, { status: 503, headers });
    }
  });
}
