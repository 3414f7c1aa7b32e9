import type { UnitDialect } from "../../../logs/local-sums.ts";

/** Local units of quarters in SQLite. */
export const unitDialect: UnitDialect = {
  wide: (value) => `CAST(${value} AS INTEGER)`,
  divide: (dividend, divisor) => `${dividend} / ${divisor}`,
};
