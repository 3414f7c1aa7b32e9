import { anyText, chosen, type KnownParameters, oneOf, seconds, trueOrFalse } from "./parameters.ts";
import { SSL_OBJECT } from "./tls.ts";

const mode = oneOf("DISABLED", "PREFERRED", "REQUIRED", "VERIFY_CA", "VERIFY_IDENTITY");
const useMode = "is not supported: use ssl-mode=REQUIRED, or VERIFY_IDENTITY to verify the certificate";

/** The parameters of a MySQL or MariaDB URL: those of MySQL's programs, of Prisma and of the drivers that can be obeyed. */
export const mysqlParameters: KnownParameters = {
  "ssl-mode": mode,
  sslMode: mode,
  sslmode: { ...mode, values: /^(disabled?|prefer(red)?|required?|verify[-_](ca|identity|full))$/i },
  ssl: {
    values: new RegExp(`^(true|false|1|0)$|${SSL_OBJECT.source}`, "i"),
    form: 'true, false or {"rejectUnauthorized":true}',
  },
  sslaccept: oneOf("strict", "accept_invalid_certs"),
  "ssl-ca": anyText,
  sslrootcert: anyText,
  // Prisma's name of the certificate of the authority.
  sslcert: anyText,
  "ssl-cert": anyText,
  "ssl-key": anyText,
  sslidentity: anyText,
  sslpassword: anyText,
  socketPath: anyText,
  socket: anyText,
  allowPublicKeyRetrieval: trueOrFalse,
  connect_timeout: seconds,
  // What it asks for holds in any case.
  charset: { values: /^utf8mb4(_\w+)?$/i, form: "utf8mb4" },
  useSSL: useMode,
  requireSSL: useMode,
  verifyServerCertificate: useMode,
  tls: useMode,
  ...Object.fromEntries(
    [
      ...["connection_limit", "connectionLimit", "pool_timeout", "socket_timeout", "connectTimeout", "timezone"],
      ...["statement_cache_size", "multipleStatements", "sql_mode", "autocommit", "dateStrings", "bigIntAsNumber"],
    ].map((name) => [name, chosen]),
  ),
};
