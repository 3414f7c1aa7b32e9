import { operations } from "@jifen/contract";
import { ok } from "@jifen/core";
import { implement } from "../../trpc/procedure.ts";
import { isoTime } from "../../values/iso-time.ts";
import type { Deps } from "./deps.ts";

/** Runs the doctor and returns its findings in the language of the caller. */
export const doctor = ({ runDoctor, nowMs }: Deps) =>
  implement(operations.system.doctor, async ({ language }) => {
    const findings = await runDoctor();
    const spoken = language();
    return ok({
      checkedAt: isoTime(nowMs()),
      findings: findings.map(({ about, state, message, remedy }) => ({
        ...{ about, state },
        ...{ message: message[spoken], remedy: remedy?.[spoken] ?? null },
      })),
    });
  });
