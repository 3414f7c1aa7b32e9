/** Whether a browser can open the text: some codes are the address of a page as well. */
export const canBeOpened = (text: string): boolean => /^https?:\/\//.test(text);

/** Leaves for the page of the provider, which sends the browser back to the orders. */
export function openPayPage(text: string): void {
  if (canBeOpened(text)) location.assign(text);
}
