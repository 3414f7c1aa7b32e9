import type { ColumnType } from "../records/table.ts";
import type { TransferValue } from "./table-copier.ts";

/**
 * What a driver gives for a column, as it is carried.
 * @throws RangeError when it is a number that no row may hold
 */
export function toTransferValue(value: unknown, type: ColumnType, where: string): TransferValue {
  if (value === null || value === undefined) return null;
  switch (type) {
    case "text":
      return String(value);
    case "boolean":
      return Boolean(value);
    case "integer":
    case "bigint": {
      // A driver that gives numbers has rounded one that is larger; no amount and no time is.
      if (typeof value === "number" && !Number.isSafeInteger(value)) {
        throw new RangeError(`${where} holds ${value}, which no row may hold`);
      }
      return type === "bigint" ? String(value) : Number(value);
    }
    default:
      return type satisfies never;
  }
}
