import type { JifenError } from "@jifen/client";
import { keepPreviousData, type QueryKey, useInfiniteQuery } from "@tanstack/react-query";
import { toJifenError } from "./jifen.ts";

type Page<Item> = { readonly items: readonly Item[]; readonly nextCursor: string | null };

/** The rows of a list that have been read so far. */
export type Pages<Item> = {
  readonly items: readonly Item[];
  readonly isLoading: boolean;
  readonly isLoadingMore: boolean;
  readonly error: JifenError | null;
  /** Reads the next page; undefined when there is none. */
  readonly more: (() => void) | undefined;
  readonly refresh: () => void;
};

type Source<Item> = {
  /** The name of the operation and its filters. */
  readonly key: QueryKey;
  readonly read: (cursor: string | undefined) => Promise<Page<Item>>;
  /** Reads the pages again after this time while the page is visible. */
  readonly refreshMs?: number;
};

/** Reads a list page by page. Rows that are there stay while new filters are being answered. */
export function usePages<Item>({ key, read, refreshMs }: Source<Item>): Pages<Item> {
  const query = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    ...(refreshMs !== undefined && { refetchInterval: refreshMs }),
  });
  return {
    items: query.data?.pages.flatMap(({ items }) => items) ?? [],
    isLoading: query.isPending,
    isLoadingMore: query.isFetchingNextPage,
    error: toJifenError(query.error),
    more: query.hasNextPage ? () => void query.fetchNextPage() : undefined,
    refresh: () => void query.refetch(),
  };
}
