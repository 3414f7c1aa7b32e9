import { isJifenError, isOutcomeUnknown } from "@jifen/client";
import { useState } from "react";
import { jifen } from "../../../jifen.ts";
import { useSession } from "../../../session.ts";
import { type Batch, type BatchRequest, batchOf } from "./batch.ts";

/** The batch on which a person works, in this tab, until it is closed. */
export function useBatch() {
  const kept = batchOf(useSession().session.userId);
  const [batch, setBatch] = useState(kept.find);
  const keep = (next: Batch) => {
    kept.keep(next);
    setBatch(next);
  };
  const give = async (request: BatchRequest) =>
    keep({ request, answer: await jifen.admin.grantMany.mutate(request), isOutdated: false });
  /** Sends the request of a batch again, as it was. */
  const giveAgain = async (former: Batch) => {
    const outdated = { ...former, isOutdated: true };
    // Kept before the request: the page can be closed before the answer comes.
    kept.keep(outdated);
    try {
      await give(former.request);
    } catch (error) {
      keep(isJifenError(error) && !isOutcomeUnknown(error.code) ? former : outdated);
      throw error;
    }
  };
  const close = () => {
    kept.forget();
    setBatch(undefined);
  };
  return { batch, give, giveAgain, close };
}
