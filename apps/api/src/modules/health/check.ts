import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import type { Deps } from "../../deps.ts";
import { implement } from "../../trpc/procedure.ts";

/** Says that the process is there; touches nothing else. */
export const check = ({ nowMs }: Deps) =>
  implement(operations.health.check, async () => ok({ status: "ok", timestamp: nowMs() }));
