import { isJifenError, type JifenError } from "@jifen/client";
import { useRef, useState } from "react";
import { connection } from "./connection.ts";
import { isDisconnected } from "./is-disconnected.ts";
import { queryClient, SESSION_KEY } from "./query-client.ts";

type State = { readonly isPending: boolean; readonly error: JifenError | null };

/** A mutation that a person starts, and what has become of it. */
export type Act<Input> = State & {
  /** Runs the act. A press while it runs does nothing. Returns whether it succeeded. */
  readonly run: (input: Input) => Promise<boolean>;
};

/** Runs an act that may be repeated without harm. Everything that pages have read is read again afterwards. */
export function useAct<Input = void>(perform: (input: Input) => Promise<unknown>): Act<Input> {
  const isRunning = useRef(false);
  const [state, setState] = useState<State>({ isPending: false, error: null });
  const run = async (input: Input) => {
    if (isRunning.current) return false;
    isRunning.current = true;
    setState({ isPending: true, error: null });
    try {
      await perform(input);
      setState({ isPending: false, error: null });
      void queryClient.invalidateQueries();
      return true;
    } catch (error) {
      if (!isJifenError(error)) throw error;
      if (isDisconnected(error)) connection.lost();
      // Another person has logged in in another tab: the session says who.
      if (error.code === "USER_MISMATCH") void queryClient.invalidateQueries({ queryKey: SESSION_KEY });
      setState({ isPending: false, error });
      return false;
    } finally {
      isRunning.current = false;
    }
  };
  return { ...state, run };
}
