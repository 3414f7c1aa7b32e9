import { type UseQueryOptions, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import type { JifenClient } from "../client.ts";
import type { JifenError } from "../error.ts";
import { useJifenState } from "./provider.tsx";

/** Something that is read. `data` stays while it is read again, or cannot be. */
export type Loaded<Value> = {
  readonly data: Value | undefined;
  readonly isLoading: boolean;
  readonly error: JifenError | null;
};

/** A read: `path` and `input` identify it in the cache. */
type Read<Value> = {
  readonly path: string;
  readonly input?: unknown;
  readonly read: (jifen: JifenClient, signal: AbortSignal) => Promise<Value>;
  readonly options?: Pick<
    UseQueryOptions<Value, JifenError>,
    "enabled" | "refetchInterval" | "initialData" | "staleTime"
  >;
};

/** Reads with the cache of the user. The client repeats a failed call already. */
export function useRead<Value>({ path, input, read, options }: Read<Value>) {
  const { jifen, queries, keyOf } = useJifenState();
  return useQuery<Value, JifenError>(
    { ...options, queryKey: keyOf(path, input), queryFn: ({ signal }) => read(jifen, signal), retry: false },
    queries,
  );
}

/** The same, as far as most hooks return it. */
export function useLoaded<Value>(wanted: Read<Value>): Loaded<Value> {
  const { data, isLoading, error } = useRead(wanted);
  return { data, isLoading, error };
}

/** A list that is read page by page. `more` reads the next page; undefined on the last one. */
export type Pages<Item> = {
  readonly items: readonly Item[];
  readonly isLoading: boolean;
  readonly error: JifenError | null;
  readonly more: (() => void) | undefined;
};

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

/** A list: `read` gets the cursor of a page. */
type PageRead<Item> = {
  readonly path: string;
  readonly input?: unknown;
  readonly read: (jifen: JifenClient, cursor: { cursor?: string }, signal: AbortSignal) => Promise<Page<Item>>;
};

/** Reads a list page by page. */
export function usePages<Item>({ path, input, read }: PageRead<Item>): Pages<Item> {
  const { jifen, queries, keyOf } = useJifenState();
  const { data, isLoading, error, hasNextPage, fetchNextPage } = useInfiniteQuery(
    {
      queryKey: keyOf(path, input),
      queryFn: ({ pageParam, signal }) => read(jifen, pageParam === undefined ? {} : { cursor: pageParam }, signal),
      initialPageParam: undefined as string | undefined,
      getNextPageParam: ({ nextCursor }: Page<Item>) => nextCursor ?? undefined,
      retry: false,
    },
    queries,
  );
  return {
    items: data?.pages.flatMap(({ items }) => items) ?? [],
    isLoading,
    error: error as JifenError | null,
    more: hasNextPage ? () => void fetchNextPage() : undefined,
  };
}
