/**
 * The address of a server without a slash at its end: `https://credits.example.com`, or a path of the same origin.
 * @param url the option of this name of `caller`
 * @throws TypeError that names the option, when it is missing or no address: TypeScript does not see what the environment lacks
 */
export function serverAddress(url: unknown, caller: string): string {
  if (typeof url === "string" && isAddress(url)) return url.replace(/\/+$/, "");
  const found = typeof url === "string" ? JSON.stringify(url) : String(url);
  throw new TypeError(
    `${caller}: the option url is ${found}, and must be the address of the Jifen server, such as "https://credits.example.com", or a path of the site, such as "/api/jifen". ` +
      "If it comes from an environment variable such as JIFEN_API_URL, check that the variable is set. " +
      `选项 url 为 ${found}，应为 Jifen 服务器的地址（如 "https://credits.example.com"）或本站路径（如 "/api/jifen"）。` +
      "若取自环境变量（如 JIFEN_API_URL），请检查该变量是否已设置。",
  );
}

/** In a page, the empty address is the origin of the page. */
function isAddress(url: string): boolean {
  if (url === "") return typeof location !== "undefined";
  return url.startsWith("/") || (/^https?:\/\//i.test(url) && URL.canParse(url));
}

/** An address as messages show it, without a password and a query; undefined for the origin of the page itself. */
export function shownAddress(address: string): string | undefined {
  if (!URL.canParse(address)) return address === "" ? undefined : address;
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`.replace(/\/+$/, "");
}
