import type { Hono, Context as HonoContext } from "hono";
import { measured } from "../../../http/calls/measured.ts";
import type { Env } from "../../../http/env.ts";
import { type StreamEndpoints, sendStream } from "../../../rest/streams.ts";
import type { Deps } from "./deps.ts";
import { followLink } from "./follow.ts";

/** Serves the files of links. Their addresses are secret: no log line has one. */
export function mountExportLinks(
  app: Hono<Env>,
  links: Pick<Deps, "database" | "exportLinks" | "streams" | "userCache">,
  endpoints: StreamEndpoints,
): void {
  const name = "exports.download";
  const handle = (c: HonoContext<Env>) =>
    sendStream(c, endpoints, {
      name,
      run: (context, facts) => followLink(links, context, { ...facts, token: c.req.param("token") ?? "" }),
    });
  app.get("/exports/:token", measured(endpoints.deps.callMeter, name, handle));
}
