import { grantId, type HoldId } from "@jifen/core";
import { Books } from "./books.ts";
import { done, give, hold, holdOf } from "./commands.ts";

/** A grant of 30 that ends at 9,000. */
export const soon = grantId("grant-soon");
/** A grant of 70 that never ends. */
export const late = grantId("grant-late");

/** A hold of 50 that ends at 61,000: all 30 of a grant that ends at 9,000, and 20 of one that never does. */
export function pending(): { readonly books: Books; readonly id: HoldId } {
  const books = new Books();
  done(books.run(give(30, { grantId: soon, expiresAtMs: 9_000 })));
  done(books.run(give(70, { grantId: late })));
  return { books, id: holdOf(books.run(hold(50))).id };
}
