import { describe, expect, test, vi } from "vitest";
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

  const refused = /the option url is [\s\S]+ JIFEN_API_URL[\s\S]+选项 url [\s\S]+ JIFEN_API_URL/.source;

  test.each([undefined, null, 3001, "", "undefined", "credits.example.com", "localhost:3001", "http://", "ftp://a"])(
    "createJifenClient refuses %j as the url, and names the option and the usual variable",
    (url) => {
      expect(() => createJifenClient({ url: url as string })).toThrow(new RegExp(`^createJifenClient: ${refused}`));
    },
  );

  test("createJifenHandler without a url loads, as a build does, and its requests are INTERNAL_ERROR with the reason on the console", async () => {
    const report = vi.spyOn(console, "error").mockImplementation(() => undefined);
    const url = undefined as unknown as string;
    const handle = createJifenHandler({ url, identify: async () => ({ token: "t" }) });
    const response = await handle(new Request("https://site.example.com/api/jifen/trpc/credits.balance"));
    expect(response.status).toBe(500);
    expect(await response.json()).toMatchObject({ code: "INTERNAL_ERROR" });
    expect(report.mock.calls.join()).toMatch(new RegExp(refused));
    report.mockRestore();
  });

  test("a message shows an address without its password", () => {
    expect(shownAddress("https://user:secret@credits.example.com/jifen")).toBe("https://credits.example.com/jifen");
    expect(shownAddress("/api/jifen")).toBe("/api/jifen");
    expect(shownAddress("")).toBeUndefined();
  });
});
