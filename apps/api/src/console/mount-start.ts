import type { Hono } from "hono";
import Negotiator from "negotiator";
import type { Env } from "../http/env.ts";
import { pagePrefix } from "../http/page-prefix.ts";
import type { Responses } from "../http/responses.ts";

/** What the start of the server leads to. */
type StartMount = {
  readonly responses: Responses;
  readonly publicUrl: () => string;
  readonly hasConsole: boolean;
};

/** Mounts `/`: browsers are led to the console when it is served, all else to the documentation. */
export function mountStart(app: Hono<Env>, { responses, publicUrl, hasConsole }: StartMount): void {
  app.get("/", (c) => {
    const isPage = hasConsole && prefersHtml(c.req.header("accept"));
    const Location = isPage ? `${pagePrefix(publicUrl())}/console/` : "docs";
    return new Response(null, { status: 302, headers: { ...responses.headers(c), Vary: "Origin, Accept", Location } });
  });
}

const prefersHtml = (accept: string | undefined): boolean =>
  new Negotiator({ headers: { accept } }).mediaType(["application/json", "text/html"]) === "text/html";
