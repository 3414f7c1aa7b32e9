import type { Language } from "@jifen/contract";
import { linesOf } from "./lines.ts";
import { plain, signed } from "./page/amounts.ts";
import type { Statement } from "./statement.ts";
import { texts } from "./texts.ts";

/** Control and format characters: in a terminal, a name must not move the cursor or change the direction of a line. */
const printable = (name: string): string => name.replaceAll(/[\p{Cc}\p{Cf}]/gu, "?");

/** A statement for a terminal: amounts come first, so that they are in a column whatever the width of a name is. */
export function statementText(statement: Statement, language: Language): string {
  const { month, tz, opening, closing } = statement;
  const balance = ({ total, held }: Statement["opening"]) =>
    `${plain(total, language)}${held > 0 ? ` (${texts.held[language]} ${plain(held, language)})` : ""}`;
  const state = statement.final ? texts.final : texts.provisional;
  const rows = linesOf(statement, language).flatMap(({ item, credits, details }) => [
    { amount: signed(credits, language), name: item[language] },
    ...details.map((detail) => ({
      amount: signed(detail.credits, language),
      name: `  ${printable(detail.name)} (${plain(detail.count, language)})`,
    })),
  ]);
  const width = Math.max(...rows.map(({ amount }) => amount.length));
  return [
    `${texts.title[language]} ${month}, ${tz}, ${statement.userId} (${state[language]})`,
    `${texts.opening[language]}: ${balance(opening)}`,
    ...rows.map(({ amount, name }) => `${amount.padStart(width)}  ${name}`),
    `${texts.closing[language]}: ${balance(closing)}`,
  ].join("\n");
}
