import type { HttpBindings } from "@hono/node-server";

/** What Hono keeps for each request: the variables of the request and the Node objects behind it. */
export type Env = { Variables: { requestId?: string }; Bindings: HttpBindings };
