import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Hono } from "hono";
import { z } from "zod";
import { folderOf } from "../client-package/folder-of.ts";
import type { Deps } from "../http/deps.ts";
import type { Env } from "../http/env.ts";
import type { Responses } from "../http/responses.ts";
import { documentHandler, type StaticDocument } from "../http/static-document.ts";

/** What the components are served with. */
type Components = {
  readonly deps: Pick<Deps, "rateLimits" | "clientAddress">;
  readonly responses: Responses;
};

/** The table of components in the client package, in the form of shadcn/ui. */
const zRegistry = z.object({
  items: z.array(
    z.looseObject({
      name: z.string(),
      files: z.array(z.looseObject({ path: z.string().regex(/^components\/[\w-]+\.\w+$/) })),
    }),
  ),
});

/** Any site may read them: they are the same for everyone, and contain no secret. */
const headers = { "Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin" };
const shared = { contentType: "application/json", cacheControl: "public, max-age=300", headers } as const;

/**
 * Serves the components of the client package at `/r/<name>.json`, for `npx shadcn add`, and their table at
 * `/r/registry.json`. They are read at the first request.
 */
export function mountComponents(app: Hono<Env>, { deps, responses }: Components): void {
  const serve = documentHandler(deps, responses);
  const read = async () =>
    new Map((await readDocuments()).map(({ file, render }) => [file, serve({ ...shared, render })]));
  let handlers: ReturnType<typeof read> | undefined;
  app.get("/r/:file", async (c) => {
    handlers ??= read();
    const handler = (await handlers).get(c.req.param("file"));
    return handler ? handler(c) : responses.refusal(c, { code: "NOT_FOUND" });
  });
}

type Document = Pick<StaticDocument, "render"> & { readonly file: string };

async function readDocuments(): Promise<readonly Document[]> {
  const folder = folderOf("client");
  const text = await readFile(join(folder, "registry.json"), "utf8");
  const withContent = async <File extends { readonly path: string }>(file: File) => ({
    ...file,
    content: await readFile(join(folder, file.path), "utf8"),
  });
  const documents = zRegistry.parse(JSON.parse(text)).items.map(({ files, ...item }) => ({
    file: `${item.name}.json`,
    render: async () =>
      JSON.stringify({
        $schema: "https://ui.shadcn.com/schema/registry-item.json",
        ...item,
        files: await Promise.all(files.map(withContent)),
      }),
  }));
  return [{ file: "registry.json", render: () => text }, ...documents];
}
