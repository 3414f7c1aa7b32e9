/** A page of rows, newest first: at most `limit`. `before`: the cursor, where the page before ended. */
export type Page<Cursor> = { readonly limit: number; readonly before?: Cursor | undefined };

/** A page of rows whose ids grow with time. */
export const newestFirst = <Id extends string>({ limit, before }: Page<Id>) =>
  ({ by: ["id"], direction: "desc", after: before === undefined ? undefined : { id: before }, limit }) as const;
