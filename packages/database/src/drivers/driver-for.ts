import type { DatabaseKind } from "../url.ts";
import type { Driver } from "./driver.ts";

const drivers: Readonly<Record<DatabaseKind, () => Promise<Driver>>> = {
  sqlite: () => import("./sqlite/driver.ts"),
  postgresql: () => import("./postgresql/driver.ts"),
  mysql: () => import("./mysql/driver.ts"),
  mongodb: () => import("./mongodb/driver.ts"),
};

/** Loads the driver of one kind of database. Loading all four would take a fifth of the start-up time. */
export const driverFor = (kind: DatabaseKind): Promise<Driver> => drivers[kind]();
