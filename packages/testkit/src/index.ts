export { runApi, startApi } from "./api.ts";
export { type CutMoment, type FaultProxy, ledgerCommits, openFaultProxy } from "./fault-proxy.ts";
export { freePort } from "./free-port.ts";
export {
  type DatabaseKind,
  databaseKinds,
  describeOn,
  type FreshDatabase,
  freshDatabase,
  sqlKinds,
} from "./fresh-database.ts";
export { onMongodb } from "./mongodb.ts";
export { connectToMysql, onMysql } from "./mysql.ts";
export { hasOwnMysql, type OwnMysql, startOwnMysql } from "./own-mysql.ts";
export { openMongodbRows, type RawRows, type Row } from "./raw-rows.ts";
export { callRest, type RestAnswer, type RestCall } from "./rest.ts";
export type { Api, ApiOptions, Ended, LogLine } from "./server.ts";
