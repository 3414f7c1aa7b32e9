import { describe, expect, test } from "vitest";
import { createJifenClient } from "./client.ts";
import { createJifenHandler } from "./server/handler.ts";
import { serverAddress, shownAddress } from "./server-address.ts";

describe("the address of a server", () => {
  test.each([
    "https://credits.example.com",
    "http://localhost:3001",
    "HTTPS://credits.example.com/jifen",
    "/api/jifen",
  ])("%s is an address, with and without a slash at its end", (url) => {
    expect(serverAddress(url, "caller")).toBe(url);
    expect(serverAddress(`${url}/`, "caller")).toBe(url);
  });

  test.each([undefined, null, 3001, "", "undefined", "credits.example.com", "localhost:3001", "http://", "ftp://a"])(
    "createJifenClient and createJifenHandler refuse %j as the url, and name the option and the usual variable",
    (wrong) => {
      const url = wrong as string;
      const refused = /the option url is [\s\S]+ JIFEN_API_URL[\s\S]+选项 url [\s\S]+ JIFEN_API_URL/;
      expect(() => createJifenClient({ url })).toThrow(new RegExp(`^createJifenClient: ${refused.source}`));
      expect(() => createJifenHandler({ url, identify: async () => null })).toThrow(
        new RegExp(`^createJifenHandler: ${refused.source}`),
      );
    },
  );

  test("a message shows an address without its password", () => {
    expect(shownAddress("https://user:secret@credits.example.com/jifen")).toBe("https://credits.example.com/jifen");
    expect(shownAddress("/api/jifen")).toBe("/api/jifen");
    expect(shownAddress("")).toBeUndefined();
  });
});
