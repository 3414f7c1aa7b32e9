import { expect, test } from "vitest";
import { isForeign } from "./foreign-origin.ts";

const publicUrl = "https://credits.example.com/jifen";

test.each<{ headers: Record<string, string>; expected: boolean }>([
  { headers: {}, expected: false },
  { headers: { "sec-fetch-site": "same-origin", origin: "null" }, expected: false },
  { headers: { "sec-fetch-site": "same-site", origin: "https://credits.example.com" }, expected: true },
  { headers: { "sec-fetch-site": "cross-site" }, expected: true },
  { headers: { "sec-fetch-site": "none" }, expected: true },
  { headers: { origin: "https://credits.example.com", host: "10.0.0.1:3001" }, expected: false },
  { headers: { origin: "http://10.0.0.1:3001", host: "10.0.0.1:3001" }, expected: false },
  { headers: { origin: "https://evil.example", host: "credits.example.com" }, expected: true },
  { headers: { origin: "http://credits.example.com:8080", host: "credits.example.com" }, expected: true },
  { headers: { origin: "null", host: "credits.example.com" }, expected: true },
])("a form with the headers $headers is foreign: $expected", ({ headers, expected }) => {
  expect(isForeign((name) => headers[name], publicUrl)).toBe(expected);
});
