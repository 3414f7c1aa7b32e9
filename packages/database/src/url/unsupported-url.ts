/**
 * The URL names an unsupported database, is malformed, or has a parameter that cannot be obeyed. The message continues a
 * sentence that begins with the name of the variable, and never repeats a password.
 */
export class UnsupportedDatabaseUrl extends Error {
  override name = "UnsupportedDatabaseUrl";
}
