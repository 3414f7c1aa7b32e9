import { statementCsv } from "./csv.ts";
import { statementPage } from "./page/page.ts";
import { contentSecurityPolicy } from "./page/style.ts";
import type { RenderStatement } from "./statement.ts";

/** The forms of a statement beside JSON. */
export const renderings: { readonly csv: RenderStatement; readonly html: RenderStatement } = {
  csv: (statement, language) => ({
    body: statementCsv(statement, language),
    fileName: `statement-${statement.userId}-${statement.month}.csv`,
  }),
  html: async (statement, language) => ({
    body: String(await statementPage(statement, language)),
    contentSecurityPolicy,
  }),
};
