/** The database would acknowledge writes that it can lose. The message lists each setting and its mend. */
export class UnsafeDatabaseSettings extends Error {
  override name = "UnsafeDatabaseSettings";
}
