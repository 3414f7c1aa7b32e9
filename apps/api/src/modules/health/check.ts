import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../trpc/procedure.ts";
import type { Deps } from "./deps.ts";

/** Reports that the process runs; uses no database. */
export const check = ({ nowMs }: Deps) =>
  implement(operations.health.check, async () => ok({ status: "ok", timestamp: nowMs() }));
