export { runApi, startApi } from "./api.ts";
export { type Certificate, makeCertificate } from "./certificates.ts";
export { type CodeBlock, codeBlocks, shownFiles } from "./code-blocks.ts";
export type { FreshDatabase } from "./create-database.ts";
export { eventually } from "./eventually.ts";
export { type FaultProxy, type LossMoment, ledgerCommits, openFaultProxy } from "./fault-proxy.ts";
export { freePort } from "./free-port.ts";
export {
  aboveDatabaseKinds,
  apiSurfaceKinds,
  createWith,
  type DatabaseKind,
  databaseKinds,
  describeOn,
  emptyDatabase,
  freshDatabase,
  leadThrough,
  migratedDatabase,
  prepareDatabases,
  sqlKinds,
} from "./fresh-database.ts";
export { onMongodb } from "./mongodb.ts";
export { connectToMysql, onMysql } from "./mysql.ts";
export { hasOwnMysql, type OwnMysql, startOwnMysql } from "./own-mysql.ts";
export { hasPgbouncer, type OwnPgbouncer, startPgbouncer } from "./pgbouncer.ts";
export { promise } from "./promise.ts";
export { openMongodbRows, type RawRows, type Row } from "./raw-rows.ts";
export { callRest, type RestAnswer, type RestCall } from "./rest.ts";
export { type Api, type ApiOptions, type Ended, type LogLine, shortLivedOptions, testProcessEnv } from "./server.ts";
