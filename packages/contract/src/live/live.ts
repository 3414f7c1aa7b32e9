import { z } from "zod";
import { roles } from "../callers.ts";
import { bilingual } from "../language.ts";
import { stream } from "../operation.ts";
import { zOutputText } from "../primitives.ts";

const kindsRule = {
  error: bilingual({
    zh: "必须是 log、balance，或用逗号分隔的两者",
    en: "must be log, balance, or both with a comma between them",
  }),
};

const zKind = z.enum(["log", "balance"], kindsRule);

/** Kinds of events; in a query with a comma between them. */
const zKinds = z
  .preprocess(
    (value) => (typeof value === "string" ? value.split(",") : value),
    z.array(zKind, kindsRule).max(2, kindsRule),
  )
  .meta({
    override: ({ jsonSchema }: { jsonSchema: Record<string, unknown> }) => {
      // In the documentation it is text: what a query has.
      for (const name of ["items", "maxItems"]) delete jsonSchema[name];
      Object.assign(jsonSchema, { type: "string", enum: ["log", "balance", "log,balance", "balance,log"] });
    },
  });

/** `GET /live`: what is new for the caller, as it happens. */
export const events = stream({
  kind: "stream",
  rest: { method: "GET", path: "/live" },
  summary: { zh: "实时事件：新日志与余额变化", en: "Live events: new logs and changes of the balance." },
  caller: { roles, scope: "logs:read", otherScope: "credits:read" },
  input: z.strictObject({
    kinds: zKinds.optional().meta({
      description:
        "`log` needs the scope `logs:read`, `balance` needs `credits:read`. Whatever the caller may see if left out.",
    }),
    lastEventId: zOutputText(100).optional().meta({
      description:
        "The id of the last event that was received, up to an hour ago. The header `Last-Event-ID`, which browsers send, does the same.",
    }),
  }),
  contentTypes: ["text/event-stream"],
  refusals: [],
});
