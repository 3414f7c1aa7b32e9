import { anyText, chosen, type KnownParameters, oneOf, seconds, trueOrFalse } from "./parameters.ts";
import { SSL_OBJECT } from "./tls.ts";

/** The parameters of a PostgreSQL URL: those of libpq, of Prisma and of the driver that can be obeyed. */
export const postgresqlParameters: KnownParameters = {
  host: anyText,
  port: { values: /^\d{1,5}$/, form: "a port" },
  user: anyText,
  password: anyText,
  dbname: anyText,
  schema: anyText,
  currentSchema: anyText,
  options: anyText,
  application_name: anyText,
  connect_timeout: seconds,
  pgbouncer: trueOrFalse,
  sslmode: oneOf("disable", "allow", "prefer", "require", "verify-ca", "verify-full", "no-verify"),
  ssl: {
    values: new RegExp(`^(true|false|1|0|no-verify)$|${SSL_OBJECT.source}`, "i"),
    form: 'true, false, no-verify or {"rejectUnauthorized":true}',
  },
  sslaccept: oneOf("strict", "accept_invalid_certs"),
  sslrootcert: anyText,
  sslcert: anyText,
  sslkey: anyText,
  sslidentity: anyText,
  sslpassword: anyText,
  sslnegotiation: oneOf("postgres", "direct"),
  channel_binding: oneOf("disable", "prefer", "require"),
  // What these ask for holds in any case.
  uselibpqcompat: oneOf("true"),
  client_encoding: oneOf("utf8", "utf-8", "auto"),
  target_session_attrs: oneOf("any", "read-write", "primary"),
  gssencmode: oneOf("disable", "prefer"),
  keepalives: oneOf("1"),
  ...Object.fromEntries(
    [
      ...["connection_limit", "pool_timeout", "pool_size", "max", "min", "socket_timeout", "statement_cache_size"],
      ...["statement_timeout", "lock_timeout", "query_timeout", "idle_in_transaction_session_timeout"],
      ...["connectionTimeoutMillis", "idleTimeoutMillis", "keepalives_idle", "keepalives_interval", "tcp_user_timeout"],
      ...["prepareThreshold", "preparedStatementCacheQueries"],
    ].map((name) => [name, chosen]),
  ),
};
