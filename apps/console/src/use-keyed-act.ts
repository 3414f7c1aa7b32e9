import { isJifenError, isOutcomeUnknown } from "@jifen/client";
import { useState } from "react";
import { newKey } from "./new-key.ts";
import { useSession } from "./session.ts";
import { type UnresolvedAct, unresolvedActs } from "./unresolved-acts.ts";
import { type Act, useAct } from "./use-act.ts";

/** The values of a form, as an act sends them. */
export type Values = UnresolvedAct["values"];

type KeyedAct = Pick<Act<Values>, "isPending" | "error"> & {
  /** Runs the act. Values with a password are not kept in the browser, so their act cannot be sent again by itself. */
  readonly run: (values: Values, isSecret: boolean) => Promise<boolean>;
  /** The act that was sent before and whose outcome is not known: it is sent again as it was, or given up. */
  readonly unresolved: UnresolvedAct | undefined;
  /** Sends the unresolved act again, with its key and its values. */
  readonly retry: () => Promise<boolean>;
  /** Forgets the unresolved act: the person has looked whether it took effect. */
  readonly discard: () => void;
};

/**
 * Runs an act with one idempotency key until its outcome is known: pressing twice, a lost answer, a refusal before the ledger
 * and trying again in a reloaded page do it once.
 * @param name what is done to what, such as `grant:user@example.com`
 */
export function useKeyedAct(name: string, perform: (values: FormData, key: string) => Promise<unknown>): KeyedAct {
  const acts = unresolvedActs(useSession().session.userId);
  const [unresolved, setUnresolved] = useState(() => acts.find(name));
  const act = useAct(async ({ values, key, wasUnknown, isSecret }: Attempt) => {
    if (isSecret) {
      await perform(toFormData(values), key);
      return;
    }
    const sent = { key, values, sentAt: unresolved?.sentAt ?? new Date().toISOString() };
    // Kept before the request: the page can be closed before the answer comes.
    acts.keep(name, sent);
    try {
      await perform(toFormData(values), key);
      resolve();
    } catch (error) {
      if (isJifenError(error) && isOutcomeUnknown(error.code, wasUnknown)) setUnresolved(sent);
      else resolve();
      throw error;
    }
  });
  const resolve = () => {
    acts.forget(name);
    setUnresolved(undefined);
  };
  return {
    ...{ isPending: act.isPending, error: act.error, unresolved },
    run: (values, isSecret) => act.run({ values, key: newKey(), wasUnknown: false, isSecret }),
    retry: async () => (unresolved ? act.run({ ...unresolved, wasUnknown: true, isSecret: false }) : false),
    discard: resolve,
  };
}

type Attempt = Pick<UnresolvedAct, "values" | "key"> & {
  readonly wasUnknown: boolean;
  readonly isSecret: boolean;
};

function toFormData(values: Values): FormData {
  const data = new FormData();
  for (const [name, value] of values) data.append(name, value);
  return data;
}
