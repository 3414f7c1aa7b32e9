import type { Page } from "@jifen/testkit/browser";

/** The number of a fact: the description of a term. */
export async function factOf(page: Page, term: string): Promise<number> {
  const found = page.locator("main dt").filter({ hasText: new RegExp(`^${term}$`) });
  return Number((await found.locator("xpath=following-sibling::dd[1]").textContent())?.replaceAll(",", ""));
}

/** The change, the balance and the held credits of each row in the list of entries, on a wide screen. */
export const entriesShown = (page: Page): Promise<readonly object[]> =>
  page.locator("tr[data-row]").evaluateAll((rows) =>
    rows.map((row) => {
      // The second line of a cell is for phones.
      const cells = [...row.querySelectorAll("td")].map((cell) => (cell.firstElementChild ?? cell).textContent.trim());
      const [shown, balance, held] = cells.slice(3, 6);
      const toNumber = (text: string | undefined) => Number(text?.replaceAll(",", ""));
      return { shown, balance: toNumber(balance), held: toNumber(held) };
    }),
  );
