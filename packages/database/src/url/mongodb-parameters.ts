import { anyText, chosen, type KnownParameters, oneOf, trueOrFalse } from "./parameters.ts";

const positive = { values: /^\d{1,6}$/, form: "a whole number" };

/**
 * The parameters of a MongoDB URL. The driver obeys those that say how to find, encrypt and authenticate a connection.
 * Those that every URL of MongoDB Atlas has are accepted where they ask for what holds in any case.
 */
export const mongodbParameters: KnownParameters = {
  replicaSet: anyText,
  directConnection: trueOrFalse,
  loadBalanced: trueOrFalse,
  srvServiceName: anyText,
  srvMaxHosts: positive,
  authSource: anyText,
  authMechanism: anyText,
  authMechanismProperties: anyText,
  tls: trueOrFalse,
  ssl: trueOrFalse,
  tlsCAFile: anyText,
  tlsCRLFile: anyText,
  tlsCertificateKeyFile: anyText,
  tlsCertificateKeyFilePassword: anyText,
  tlsAllowInvalidCertificates: trueOrFalse,
  tlsAllowInvalidHostnames: trueOrFalse,
  tlsInsecure: trueOrFalse,
  proxyHost: anyText,
  proxyPort: positive,
  proxyUsername: anyText,
  proxyPassword: anyText,
  // Only a label. Jifen sends its own, by which it recognises its transactions.
  appName: anyText,
  w: oneOf("majority"),
  journal: oneOf("true"),
  readPreference: oneOf("primary"),
  readConcernLevel: oneOf("majority"),
  // A command is retried by its idempotency key, not by the driver, so both values hold.
  retryWrites: trueOrFalse,
  retryReads: oneOf("true"),
  ...Object.fromEntries(
    [
      ...["maxPoolSize", "minPoolSize", "maxConnecting", "maxIdleTimeMS", "waitQueueTimeoutMS", "connectTimeoutMS"],
      ...["socketTimeoutMS", "serverSelectionTimeoutMS", "timeoutMS", "heartbeatFrequencyMS", "wtimeoutMS", "wtimeout"],
      ...["compressors", "zlibCompressionLevel", "maxStalenessSeconds", "readPreferenceTags", "localThresholdMS"],
    ].map((name) => [name, chosen]),
  ),
};
