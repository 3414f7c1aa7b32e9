/** The files that were looked for, and have not been built. */
export class ClientNotBuilt extends Error {
  override name = "ClientNotBuilt";
}
