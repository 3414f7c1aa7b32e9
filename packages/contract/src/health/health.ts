import { z } from "zod";
import { operation } from "../operation.ts";

/** `GET /health`: whether the process runs. It does not use the database. */
export const check = operation({
  kind: "query",
  rest: { method: "GET", path: "/health" },
  summary: { zh: "健康检查", en: "Check that the process runs." },
  caller: "anyone",
  idempotent: false,
  input: z.void(),
  output: z.object({
    status: z.literal("ok"),
    timestamp: z.int().meta({ description: "Epoch milliseconds.", examples: [1767225600000] }),
  }),
  refusals: [],
});
