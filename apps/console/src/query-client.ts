import { isJifenError } from "@jifen/client";
import { QueryCache, QueryClient } from "@tanstack/react-query";
import { connection } from "./connection.ts";
import { isDisconnected } from "./is-disconnected.ts";

/** The key of the session, which is asked for again when a call is answered UNAUTHENTICATED or USER_MISMATCH. */
export const SESSION_KEY = ["session.current"] as const;

const isOfOtherSession = (error: unknown) =>
  isJifenError(error, "UNAUTHENTICATED") || isJifenError(error, "USER_MISMATCH");

/** What all pages have read. The client retries by itself, so a query does not. */
export const queryClient: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      ...{ retry: false, staleTime: 5_000, refetchOnWindowFocus: true, throwOnError: isDefect },
      // Without a network a query fails, and the page says so, instead of waiting in silence.
      networkMode: "always",
    },
  },
  queryCache: new QueryCache({
    onError: (error, { queryKey }) => {
      if (isDisconnected(error)) connection.lost();
      if (isOfOtherSession(error) && queryKey[0] !== SESSION_KEY[0]) {
        void queryClient.invalidateQueries({ queryKey: SESSION_KEY });
      }
    },
    onSuccess: () => connection.restored(),
  }),
});

// What the pages show is from before the interruption.
connection.subscribe(() => {
  if (connection.lostAt() === undefined) void queryClient.invalidateQueries();
});

/** An error that no call of Jifen threw is a defect of a page, which the page of crashes shows. */
function isDefect(error: unknown): boolean {
  return !isJifenError(error);
}
