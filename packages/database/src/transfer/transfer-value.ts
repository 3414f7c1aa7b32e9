import type { ColumnType } from "../records/table.ts";
import type { TransferValue } from "./table-copier.ts";

/**
 * Converts the value that a driver returns for a column.
 * @throws RangeError when it is an unsafe number
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
      // A driver that returns numbers has rounded a larger one. No valid amount or time is that large.
      if (typeof value === "number" && !Number.isSafeInteger(value)) {
        throw new RangeError(`${where} holds ${value}, which is not a safe integer`);
      }
      return type === "bigint" ? String(value) : Number(value);
    }
    default:
      return type satisfies never;
  }
}
