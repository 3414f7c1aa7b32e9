/** What needs no test runner: servers, databases and wires for a program that is run by hand. */
export { type CutMoment, type FaultProxy, ledgerCommits, openFaultProxy } from "./fault-proxy.ts";
export { findMongodb, freshMongodb } from "./mongodb.ts";
export { connectToMysql, findMysql, onMysql } from "./mysql.ts";
export { hasOwnMysql, type OwnMysql, startOwnMysql } from "./own-mysql.ts";
export { type OwnPostgresql, startOwnPostgresql } from "./own-postgresql.ts";
export { findPostgresql } from "./postgres.ts";
export { type PostgresqlPair, startPostgresqlPair } from "./postgresql-pair.ts";
export type { PostgresqlServer } from "./postgresql-server.ts";
export { callRest, type RestAnswer, type RestCall } from "./rest.ts";
export { type Api, type ApiOptions, endServers, startServer } from "./server.ts";
