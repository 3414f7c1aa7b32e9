import { expect, test } from "vitest";
import { serverUrl } from "./server-url.ts";

test.each([
  { host: undefined, url: "http://localhost:3001" },
  { host: "0.0.0.0", url: "http://localhost:3001" },
  { host: "::", url: "http://localhost:3001" },
  { host: "127.0.0.1", url: "http://127.0.0.1:3001" },
  { host: "::1", url: "http://[::1]:3001" },
  { host: "fe80::1%eth0", url: "http://[fe80::1%25eth0]:3001" },
  { host: "credits.internal", url: "http://credits.internal:3001" },
])("a server with HOST $host is reached at $url", ({ host, url }) => {
  expect(serverUrl({ host, port: 3_001 })).toBe(url);
});
