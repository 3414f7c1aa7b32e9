import { isJifenError, type JifenError } from "../error.ts";
import { newKey } from "../new-key.ts";
import { isOutcomeUnknown } from "../outcome.ts";
import { fromFailure, type JifenResult } from "../result.ts";
import type { JifenInputs, JifenOutputs } from "../router.ts";
import { createTabStore } from "../tab-store.ts";
import { useAct } from "./act.ts";
import { pressId } from "./press-id.ts";
import { type Press, pressAfter } from "./press-settlement.ts";
import { useJifenState } from "./provider.tsx";

/** The input of an action without the key of the press, which the hook adds. */
type WithoutKey<Input> = { [Field in keyof Input as Exclude<Field, "idempotencyKey">]: Input[Field] };

/** How many credits are missing: what a paywall shows. */
export type Shortage = { readonly balance: number; readonly required: number; readonly missing: number };

/** Something that charges. It has one idempotency key per press. */
export type Charge<Input, Value> = {
  /** Resolves with undefined after a failure. While it runs, a second press waits for the same result. */
  run(input: Input): Promise<Value | undefined>;
  readonly isPending: boolean;
  readonly value: Value | undefined;
  readonly shortage: Shortage | undefined;
  /** Whether it is not known if the charge was made. `retry` repeats it with the same key: it is made at most once. */
  readonly outcomeUnknown: { retry(): Promise<Value | undefined> } | undefined;
  readonly error: JifenError | undefined;
  reset(): void;
};

const unsettled = createTabStore(
  (value): value is Press => typeof (value as Partial<Press> | null)?.idempotencyKey === "string",
);

/**
 * Charges with one idempotency key per press. The key is kept from the first attempt until the charge has succeeded, or a
 * refusal proves that no attempt had an effect: pressing again, with the same input, is then the same charge, also after
 * the component was left or the page was reloaded. A new quote does not make another press: it is sent with the quote of
 * its first attempt, until that has expired. `name`: what charges, among all charges of the site. `isAction`: `send` can make several calls.
 */
export function useCharge<Input, Value>(
  name: string,
  send: (input: Input, idempotencyKey: string) => Promise<Value>,
  { isAction = false }: { readonly isAction?: boolean } = {},
): Charge<Input, Value> {
  const { userId, language } = useJifenState();

  const { run, isPending, value, error, input, reset } = useAct(async (wanted: Input) => {
    const { quote, ...rest } = wanted as Input & { quote?: unknown };
    const id = pressId({ userId, name, input: rest, language });
    const former = unsettled.find(id);
    const press = { idempotencyKey: former?.idempotencyKey ?? newKey(), quote: former?.quote ?? quote };
    unsettled.keep(id, press);
    try {
      const result = await send(
        press.quote === undefined ? wanted : { ...wanted, quote: press.quote },
        press.idempotencyKey,
      );
      unsettled.forget(id);
      return result;
    } catch (failure) {
      const left = pressAfter(press, { failure, isFirst: former === undefined, isAction });
      if (left) unsettled.keep(id, left);
      else unsettled.forget(id);
      throw failure;
    }
  });

  const isUnknown = error !== undefined && isOutcomeUnknown(error.code);
  return {
    ...{ run, isPending, value, error, reset },
    shortage: shortageIn(error),
    outcomeUnknown: isUnknown ? { retry: () => run(input as Input) } : undefined,
  };
}

function shortageIn(error: JifenError | undefined): Shortage | undefined {
  if (!isJifenError(error, "INSUFFICIENT_CREDITS")) return undefined;
  const { balance, required } = error.details;
  return { balance, required, missing: required - balance };
}

/** Spends credits from the page. The site's handler has to allow `credits.consume`; then the page decides the price. */
export function useConsume(): Charge<JifenInputs["credits"]["consume"], JifenOutputs["credits"]["consume"]> {
  const { jifen } = useJifenState();
  return useCharge("credits.consume", (input, idempotencyKey) =>
    jifen.credits.consume.mutate({ idempotencyKey, ...input }),
  );
}

/**
 * A server action of the site that charges. The action gets the key of the press in `idempotencyKey`, which its call of
 * Jifen has to use, and returns what `settle` returns. An action of several charges gives each a key of its own that it
 * derives from this one, such as `${idempotencyKey}:video`: after a refusal the next press has the same key, so that the
 * charges that were made are not made again. `placeHold` places its holds. `name` tells the charges of the site apart, also
 * after a reload.
 */
export function useChargedAction<Input extends object, Value>(
  action: (input: Input & { idempotencyKey: string }) => Promise<JifenResult<Value>>,
  name: string,
): Charge<WithoutKey<Input>, Value> {
  return useCharge(
    `action ${name}`,
    async (input: WithoutKey<Input>, idempotencyKey: string) => {
      const result = await action({ ...(input as Input), idempotencyKey });
      if (!result.ok) throw fromFailure(result.error);
      return result.value;
    },
    { isAction: true },
  );
}
