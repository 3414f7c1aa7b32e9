import "server-only";

/** Where the API is, as this server reaches it. Browsers never see it. */
export const jifenApiUrl = (): string => process.env["JIFEN_API_URL"] || "http://127.0.0.1:3001";
