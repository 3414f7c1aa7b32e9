import type { JifenError } from "../error.ts";
import type { JifenOutputs } from "../router.ts";
import { useAct } from "./act.ts";
import { useJifenState } from "./provider.tsx";

/** What a code granted. */
export type Redeemed = JifenOutputs["codes"]["redeem"];

/** Redeeming a code. */
export type Redeeming = {
  /** Resolves with undefined after a refusal. A code that this user has redeemed before returns the same answer. */
  redeem(code: string): Promise<Redeemed | undefined>;
  readonly isPending: boolean;
  readonly value: Redeemed | undefined;
  readonly error: JifenError | undefined;
};

/** Redeems codes. */
export function useRedeem(): Redeeming {
  const { jifen } = useJifenState();
  const { run, isPending, value, error } = useAct((code: string) => jifen.codes.redeem.mutate({ code }));
  return { redeem: run, isPending, value, error };
}
