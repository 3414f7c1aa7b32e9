/** The path under which browsers reach this server, without a trailing slash: empty, or such as `/jifen`. */
export const pagePrefix = (publicUrl: string): string => new URL(publicUrl).pathname.replace(/\/+$/, "");
