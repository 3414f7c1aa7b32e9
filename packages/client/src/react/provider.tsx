import type { Language } from "@jifen/contract";
import { QueryClient, QueryClientContext, QueryClientProvider } from "@tanstack/react-query";
import { createContext, Fragment, type ReactNode, useContext, useMemo, useState } from "react";
import { createJifenClient, type JifenClient } from "../client.ts";

/** What the hooks work with. */
type JifenState = {
  readonly userId: string;
  readonly language: Language;
  readonly initialBalance: number | undefined;
  readonly jifen: JifenClient;
  readonly queries: QueryClient;
};

const JifenContext = createContext<JifenState | undefined>(undefined);

/** Properties of the provider. */
export type JifenProviderProps = {
  /** The user whose account is shown. Each user has a cache of their own. */
  readonly userId: string;
  /** The language of messages and components; Chinese by default. */
  readonly language?: Language | undefined;
  /** A balance that the server has just read, shown until the first response. */
  readonly initialBalance?: number | undefined;
  /** The path of the handler of this site; `/api/jifen` by default. */
  readonly url?: string | undefined;
  /** Used instead of a client of `url`. */
  readonly client?: JifenClient | undefined;
  readonly children?: ReactNode;
};

/**
 * Provides the hooks with the account of a user. It uses the QueryClient of the site if there is one. Another `userId`
 * mounts `children` again, so that nothing of the previous user stays on the page.
 */
export function JifenProvider(props: JifenProviderProps): ReactNode {
  const { userId, language = "zh", initialBalance, url = "/api/jifen", client, children } = props;
  const shared = useContext(QueryClientContext);
  const [own] = useState(() => new QueryClient());
  const queries = shared ?? own;
  const state = useMemo(
    () => ({ userId, language, initialBalance, queries, jifen: client ?? createJifenClient({ url, language }) }),
    [userId, language, initialBalance, queries, url, client],
  );
  const content = (
    <JifenContext.Provider value={state}>
      <Fragment key={userId}>{children}</Fragment>
    </JifenContext.Provider>
  );
  return shared ? content : <QueryClientProvider client={own}>{content}</QueryClientProvider>;
}

/** What the provider provides, with the functions that all hooks share. @throws Error outside of a JifenProvider */
export function useJifenState() {
  const state = useContext(JifenContext);
  if (!state) throw new Error("Hooks of @jifen/client/react need a JifenProvider around them.");
  const { userId, queries } = state;
  return {
    ...state,
    /** The key of a query: everything of a user begins with the same two parts. */
    keyOf: (path: string, input?: unknown) => ["jifen", userId, path, input] as const,
    /** Reads everything of the user again, except what `isSpared`. */
    refreshAll: (isSpared?: (path: string) => boolean) =>
      void queries.invalidateQueries({
        queryKey: ["jifen", userId],
        predicate: ({ queryKey }) => !isSpared?.(String(queryKey[2])),
      }),
  };
}

/** The client, for calls that have no hook. Call `refreshAll` after one that changes the account. */
export function useJifen(): Pick<JifenState, "jifen" | "userId" | "language"> & { refreshAll(): void } {
  const { jifen, userId, language, refreshAll } = useJifenState();
  return { jifen, userId, language, refreshAll: () => refreshAll() };
}
