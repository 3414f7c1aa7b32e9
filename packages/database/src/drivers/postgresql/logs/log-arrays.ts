import type { LogColumn } from "../../../logs/log-columns.ts";
import { arrayLiteral } from "../bulk.ts";
import { textArray } from "../text-array.ts";

/** The names of columns, as a list in a statement. */
export const namesOf = <Row>(columns: readonly LogColumn<Row>[]): string => columns.map(({ name }) => name).join(", ");

/** The values of a column, as a parameter of a statement. */
export const arrayOf = <Row>({ type, of }: LogColumn<Row>, rows: readonly Row[]): string | Buffer => {
  const values = rows.map(of);
  return type === "text" ? textArray(values as readonly (string | null)[]) : arrayLiteral(values);
};
