import type { Language, Operation } from "@jifen/contract";
import type { z } from "zod";

/** A further form of an output. */
export type Rendered = {
  readonly body: string;
  /** The name of the file that a browser saves; undefined: it shows the body. */
  readonly fileName?: string;
  /** The policy of a page that has a style of its own. */
  readonly contentSecurityPolicy?: string;
};

/** Renders an output, after its schema has removed what the contract does not declare. */
export type Render<Output> = (output: Output, language: Language) => Rendered | Promise<Rendered>;

/** One rendering for each format that the operation declares; nothing for an operation without further formats. */
export type RenderingsOf<Op extends Operation> = Op["rest"] extends { readonly formats: infer Formats }
  ? [renderings: { readonly [Format in keyof Formats]: Render<z.output<Op["output"]>> }]
  : [];
