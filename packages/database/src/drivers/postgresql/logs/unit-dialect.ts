import type { UnitDialect } from "../../../logs/local-sums.ts";

/** Local units of quarters in PostgreSQL. */
export const unitDialect: UnitDialect = {
  wide: (value) => `${value}::bigint`,
  divide: (dividend, divisor) => `${dividend} / ${divisor}`,
};
