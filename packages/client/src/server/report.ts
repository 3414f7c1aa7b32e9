/** Writes to the log of the site what its visitors must not read: a reason can name what the site keeps secret. */
export function report(...what: readonly unknown[]): void {
  // biome-ignore lint/suspicious/noConsole: the log of the site that this handler is part of
  console.error("createJifenHandler:", ...what);
}
