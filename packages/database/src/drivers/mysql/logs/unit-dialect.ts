import type { UnitDialect } from "../../../logs/local-sums.ts";

/** Local units of quarters in MySQL and MariaDB. */
export const unitDialect: UnitDialect = {
  wide: (value) => `CAST(${value} AS SIGNED)`,
  divide: (dividend, divisor) => `${dividend} DIV ${divisor}`,
};
