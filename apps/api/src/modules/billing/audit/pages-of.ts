const PAGE_SIZE = 500;

/** All rows, page by page in the order of their keys. @param read the page that begins behind a row */
export async function* pagesOf<Row>(
  read: (after: Row | undefined, limit: number) => Promise<readonly Row[]>,
): AsyncGenerator<readonly Row[]> {
  for (let after: Row | undefined; ; ) {
    const page = await read(after, PAGE_SIZE);
    yield page;
    after = page.at(-1);
    if (page.length < PAGE_SIZE) return;
  }
}
