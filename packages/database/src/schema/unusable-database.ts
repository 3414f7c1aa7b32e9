/** The database cannot hold the tables, or its connections cannot be used. The message says how to correct it. */
export class UnusableDatabase extends Error {
  override name = "UnusableDatabase";
}
