import { useRef, useState } from "react";
import { isJifenError, JifenError } from "../error.ts";
import { wordingOf } from "../wording.ts";
import { useJifenState } from "./provider.tsx";

/** Something that a person does. A failure is state, never a rejection. */
export type Act<Input, Value> = {
  /** Resolves with undefined after a failure. While it runs, a second call waits for the same result. */
  run(input: Input): Promise<Value | undefined>;
  readonly isPending: boolean;
  readonly value: Value | undefined;
  readonly error: JifenError | undefined;
  /** The input of the last run. */
  readonly input: Input | undefined;
  reset(): void;
};

type State<Input, Value> = {
  readonly isPending: boolean;
  readonly input?: Input;
  readonly value?: Value;
  readonly error?: JifenError;
};

/**
 * Runs `send`, and reads everything of the user again after it, whether it succeeded or failed. A price that has been
 * quoted stays, because it holds until it expires.
 */
export function useAct<Input, Value>(send: (input: Input) => Promise<Value>): Act<Input, Value> {
  const { refreshAll, language } = useJifenState();
  const [state, setState] = useState<State<Input, Value>>({ isPending: false });
  const running = useRef<Promise<Value | undefined>>(undefined);

  async function attempt(input: Input): Promise<Value | undefined> {
    setState({ isPending: true, input });
    let isQuoteExpired = false;
    try {
      const value = await send(input);
      setState({ isPending: false, input, value });
      return value;
    } catch (thrown) {
      // What a server action throws arrives without its reason.
      const cause = thrown instanceof Error ? thrown : new Error(String(thrown));
      const message = wordingOf("NETWORK_ERROR", { language });
      const error = isJifenError(thrown)
        ? thrown
        : new JifenError({ code: "NETWORK_ERROR", details: {}, message, cause });
      isQuoteExpired = error.code === "QUOTE_EXPIRED";
      setState({ isPending: false, input, error });
      return undefined;
    } finally {
      running.current = undefined;
      refreshAll((path) => path === "quotes.create" && !isQuoteExpired);
    }
  }

  return {
    run: (input) => {
      running.current ??= attempt(input);
      return running.current;
    },
    isPending: state.isPending,
    value: state.value,
    error: state.error,
    input: state.input,
    reset: () => {
      if (!running.current) setState({ isPending: false });
    },
  };
}
