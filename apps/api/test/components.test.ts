import { readdirSync, readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Server, startServer } from "./start-server.ts";

const client = new URL("../../../packages/client/", import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, client), "utf8");
const files = readdirSync(new URL("components", client)).filter((name) => name.endsWith(".tsx"));

type Item = { name: string; dependencies?: string[]; files: { path: string; content: string; target: string }[] };
const registry: { items: Item[] } = JSON.parse(read("registry.json"));

let server: Server;
beforeAll(async () => {
  server = await startServer("sqlite", { CONSOLE: "off" });
});
afterAll(() => server.stop());

describe("components for shadcn add, on sqlite", () => {
  test("the table of components names each file of the client package, and is served", async () => {
    expect(registry.items.map(({ name }) => `${name}.tsx`)).toEqual(files.toSorted());
    expect((await server.call("GET", "/r/registry.json")).body).toEqual(registry);
  });

  test.each(registry.items)(
    "/r/$name.json has the files of the component, and those that they import",
    async (item) => {
      const { status, body } = await server.call("GET", `/r/${item.name}.json`);
      expect(status).toBe(200);
      const served = (body as Item).files;
      for (const { path, content } of served) expect(content).toBe(read(path));
      const names = served.map(({ path }) => path.replace("components/", "./").replace(".tsx", ""));
      const imports = served.flatMap(({ content }) =>
        [...content.matchAll(/ from "([^"]+)"/g)].map(([, from = ""]) => from),
      );
      expect(imports.filter((from) => from.startsWith("./") && !names.includes(from))).toEqual([]);
      const packages = new Set(imports.filter((from) => !from.startsWith("./")));
      for (const known of ["react", "@jifen/client/react"]) packages.delete(known);
      expect([...packages]).toEqual(item.dependencies ?? []);
    },
  );

  test("any origin may read a component, and an unknown one is NOT_FOUND", async () => {
    const response = await fetch(`${server.api.url}/r/usage-table.json`, { headers: { origin: "https://x.example" } });
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    for (const path of ["/r/nothing.json", "/r/..%2Fpackage.json", "/r/usage-table"]) {
      expect(await server.call("GET", path)).toMatchObject({ status: 404, body: { code: "NOT_FOUND" } });
    }
    expect((await server.call("POST", "/r/usage-table.json", { body: {} })).status).toBe(405);
  });
});
