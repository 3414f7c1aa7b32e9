"use client";

import { type JifenResult, useChargedAction, useErrorText, useWords } from "@jifen/client/react";
import type { ReactNode } from "react";
import { Paywall } from "./paywall";

const words = {
  zh: {
    cost: (credits: number) => `${credits} 积分`,
    paying: "正在处理…",
    unknown: "没有收到结果。重试不会重复扣费。",
    retry: "重试",
  },
  en: {
    cost: (credits: number) => (credits === 1 ? "1 credit" : `${credits} credits`),
    paying: "Working…",
    unknown: "No result has arrived. Trying again does not charge twice.",
    retry: "Try again",
  },
};

type PayButtonProps<Input extends object, Value> = {
  /** A server action that charges with the key it gets, and returns what `settle` returns. */
  action: (input: Input & { idempotencyKey: string }) => Promise<JifenResult<Value>>;
  /** Tells the charges of the site apart. */
  name: string;
  input: Input;
  /** The price that the button shows. The server action decides what is charged. Undefined: not known yet. */
  cost: number | undefined;
  onPaid?: (value: Value) => void;
  returnUrl?: string;
  children: ReactNode;
  words?: Partial<typeof words.zh>;
  className?: string;
};

/** A button with its price. Too few credits open the paywall; a lost answer is repeated with the same key. */
export function PayButton<Input extends object, Value>(props: PayButtonProps<Input, Value>) {
  const { action, name, input, cost, onPaid, returnUrl, children, words: changed, className = "" } = props;
  const say = useWords(words, changed);
  const errorText = useErrorText();
  const charge = useChargedAction(action, name);
  const isReady = cost !== undefined && !charge.isPending;

  async function pay(attempt: () => Promise<Value | undefined>): Promise<void> {
    const value = await attempt();
    if (value !== undefined) onPaid?.(value);
  }

  return (
    <div className={`flex flex-col gap-3 ${className}`}>
      {/* aria-disabled, because a disabled button loses the keyboard focus. */}
      <button
        type="button"
        aria-disabled={!isReady}
        onClick={() => isReady && void pay(() => charge.run(input))}
        className="rounded-lg bg-primary px-4 py-3 font-medium text-primary-foreground aria-disabled:opacity-70"
      >
        {charge.isPending ? say.paying : children}
        {!charge.isPending && cost !== undefined && ` · ${say.cost(cost)}`}
      </button>
      {charge.outcomeUnknown && (
        <p role="alert" className="text-sm text-destructive">
          {say.unknown}{" "}
          <button
            type="button"
            onClick={() => void pay(() => charge.outcomeUnknown?.retry() ?? Promise.resolve(undefined))}
            className="font-medium underline underline-offset-4"
          >
            {say.retry}
          </button>
        </p>
      )}
      {charge.error && !charge.outcomeUnknown && !charge.shortage && (
        <p role="alert" className="text-sm text-destructive">
          {errorText(charge.error)}
        </p>
      )}
      <Paywall shortage={charge.shortage} onClose={charge.reset} {...(returnUrl !== undefined && { returnUrl })} />
    </div>
  );
}
