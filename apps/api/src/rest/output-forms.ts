import type { Language } from "@jifen/contract";
import type { Runnable } from "../trpc/procedure.ts";
import type { Render, Rendered } from "../trpc/rendering.ts";

/** A rendered output and its content type. */
export type TypedRendering = Rendered & { readonly contentType: string; readonly language: Language };

type Form = (output: unknown, language: Language) => Promise<TypedRendering>;

/**
 * Finds the form that an input asks for in its field `format`.
 * @returns for a validated input: how its output is rendered; undefined for JSON
 */
export function formFinder({
  operation,
  renderings,
}: Pick<Runnable, "operation" | "renderings">): (input: unknown) => Form | undefined {
  const forms = new Map(
    Object.entries(operation.rest.formats ?? {}).map(([format, contentType]): [unknown, Form] => {
      const render = renderings[format] as Render<unknown>;
      return [format, async (output, language) => ({ ...(await render(output, language)), contentType, language })];
    }),
  );
  return (input) => forms.get((input as { readonly format?: unknown } | undefined)?.format);
}
