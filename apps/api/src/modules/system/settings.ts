import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../trpc/procedure.ts";
import type { Deps } from "./deps.ts";
import { settingsInForce } from "./settings-in-force.ts";

/** Lists the settings in force. */
export const settings = ({ environment }: Deps) =>
  implement(operations.system.settings, async ({ language }) =>
    ok({ items: [...settingsInForce(environment, language())] }),
  );
