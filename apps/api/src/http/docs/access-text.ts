import type { Language } from "@jifen/contract";
import type { DescribedRoute } from "../../rest/routes.ts";
import { words } from "./words.ts";

/** Who can call an operation, and how. Codes are between backticks. */
export function accessText({ noun, operation }: DescribedRoute, language: Language): readonly string[] {
  const text = words[language];
  return [
    callerText({ noun, operation }, language),
    ...(operation.kind === "stream" ? [text.streamOnly] : []),
    ...(operation.kind !== "stream" && operation.idempotent ? [text.idempotent] : []),
  ];
}

function callerText({ noun, operation }: Pick<DescribedRoute, "noun" | "operation">, language: Language): string {
  const text = words[language];
  const { caller } = operation;
  if (caller === "anyone") return text.anyone;
  if (noun === "session") return text.pagesOnly;
  const people = (caller.roles as readonly string[]).includes("user")
    ? text.everyUser
    : caller.roles.map((role) => `\`${role}\``).join(", ");
  if (caller.scope === null) return `${people}; ${text.noKey}`;
  const others = caller.otherScope === undefined ? "" : ` ${text.otherScope} \`${caller.otherScope}\``;
  return `${people}; ${text.scope} \`${caller.scope}\`${others}`;
}
