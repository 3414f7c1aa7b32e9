/** The part that needs no test runner: servers, databases and fault proxies for programs such as torture and bench. */
export {
  type CitusPlacement,
  citusUrl,
  createCitusDatabase,
  moveCitusShard,
  onCitusNode,
  readCitusNodes,
  readCitusPlacements,
} from "./citus.ts";
export { createDatabase, createFile, type FreshDatabase } from "./create-database.ts";
export { eventually } from "./eventually.ts";
export { type FaultProxy, type LossMoment, ledgerCommits, openFaultProxy } from "./fault-proxy.ts";
export { findProgram } from "./find-program.ts";
export { freePort } from "./free-port.ts";
export { type GaleraCluster, hasGalera, startGalera } from "./galera.ts";
export { findMongodb, onMongodb } from "./mongodb.ts";
export { connectToMysql, findMysql, onMysql } from "./mysql.ts";
export { hasNginx, type OwnNginx, startNginx } from "./nginx.ts";
export { hasOwnMysql, type OwnMysql, startOwnMysql } from "./own-mysql.ts";
export { hasOwnPostgresql, type OwnPostgresql, startOwnPostgresql } from "./own-postgresql.ts";
export { findPostgresql, onPostgresql } from "./postgres.ts";
export { type PostgresqlPair, startPostgresqlPair } from "./postgresql-pair.ts";
export type { PostgresqlServer } from "./postgresql-server.ts";
export { callRest, type RestAnswer, type RestCall } from "./rest.ts";
export { type Api, type ApiOptions, endServers, startServer } from "./server.ts";
