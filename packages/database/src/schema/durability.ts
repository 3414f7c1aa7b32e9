/** The database could lose writes that it acknowledged. The message lists each setting and how to correct it. */
export class UnsafeDatabaseSettings extends Error {
  override name = "UnsafeDatabaseSettings";
}

/**
 * Refuses a database with unsafe settings.
 * @param product the name of the database, for the message
 * @param unsafe the unsafe settings, one a line; undefined when there are none
 * @throws UnsafeDatabaseSettings
 */
export function assertDurable(product: string, unsafe: string | undefined): void {
  if (unsafe === undefined) return;
  const indented = unsafe.replaceAll(/^/gm, "  ");
  throw new UnsafeDatabaseSettings(`${product} could lose writes that it acknowledged.\n${indented}`);
}
