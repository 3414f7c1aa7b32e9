import "server-only";

/** The URL at which this server reaches the API. It is not sent to browsers. */
export const jifenApiUrl = (): string => process.env["JIFEN_API_URL"] || "http://127.0.0.1:3001";
