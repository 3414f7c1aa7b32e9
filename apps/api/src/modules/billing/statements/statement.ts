import type { operations } from "@jifen/contract";
import type { z } from "zod";
import type { Render } from "../../../trpc/rendering.ts";

/** A statement as operations return it. */
export type Statement = z.output<typeof operations.statements.find.output>;

/** Renders a statement in another form. */
export type RenderStatement = Render<Statement>;
