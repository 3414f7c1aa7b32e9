import type { Procedures } from "../../trpc/procedure.ts";
import { create } from "./create.ts";
import { deliveries } from "./deliveries.ts";
import type { Deps } from "./deps.ts";
import { end } from "./end.ts";
import { list } from "./list.ts";
import { replay, replaySince } from "./replay.ts";
import { rotate } from "./rotate.ts";
import { test } from "./test-endpoint.ts";

/** Procedures of the webhooks module. */
export const webhooksProcedures = (deps: Deps): Pick<Procedures, "webhooks"> => ({
  webhooks: {
    create: create(deps),
    deliveries: deliveries(deps),
    end: end(deps),
    list: list(deps),
    replay: replay(deps),
    replaySince: replaySince(deps),
    rotate: rotate(deps),
    test: test(deps),
  },
});
