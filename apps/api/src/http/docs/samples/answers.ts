import type { DescribedRoute } from "../../../rest/routes.ts";
import recorded from "./answers.json" with { type: "json" };
import { jsonSyntax, literal } from "./literal.ts";

const answers: Readonly<Record<string, unknown>> = recorded;

/** The answer to the sample of an operation. A test checks it against the contract and against the answer of a server. */
export function sampleAnswer({ noun, verb }: Pick<DescribedRoute, "noun" | "verb">): string {
  const answer = answers[`${noun}.${verb}`];
  return typeof answer === "string" ? answer.trimEnd() : literal(answer, jsonSyntax);
}
