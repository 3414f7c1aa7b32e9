import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../../trpc/procedure.ts";
import { parseTime } from "../../../values/parse-time.ts";
import { principalOf } from "../../identity/credentials/principal.ts";
import type { Deps } from "../deps.ts";
import { publishCatalogue } from "../use-cases/publish-catalogue.ts";
import { toVersionOutput } from "./to-version.ts";

/** Publishes a draft. */
export const publish = (deps: Deps) =>
  implement(operations.adminCatalogues.publish, async ({ input, caller, requestId }) => {
    const publishing = { ...input, effectiveFromMs: parseTime(input.effectiveFrom) };
    const published = await publishCatalogue(deps, publishing, principalOf(caller, requestId));
    return published.ok ? ok(toVersionOutput(published.value, undefined)) : published;
  });
