import type { JifenError } from "@jifen/client";
import { use, useRef, useState } from "react";
import { Button } from "../../../ui/button.tsx";
import { controlClass, Field } from "../../../ui/field.tsx";
import { FormError } from "../../../ui/form-errors.ts";
import { formatNumber } from "../../../ui/format.ts";
import { pricesWords } from "../words.ts";
import { lineOf } from "./json-lines.ts";
import { readDocument } from "./read-document.ts";

const ROWS = 24;

/** The text of a catalogue, with what is wrong with it and in which line. */
export function DocumentField({ initial }: { readonly initial: string }) {
  const words = pricesWords.useWords();
  const area = useRef<HTMLTextAreaElement>(null);
  const [problem, setProblem] = useState<string>();
  const check = (element: HTMLTextAreaElement) => {
    const read = readDocument(words, element.value);
    const found = "problem" in read ? read.problem : undefined;
    element.setCustomValidity(found ?? "");
    setProblem(found);
  };
  const goTo = (line: number) => {
    const element = area.current;
    if (!element) return;
    const before = element.value.split("\n").slice(0, line - 1);
    const start = before.reduce((sum, each) => sum + each.length + 1, 0);
    const end = element.value.indexOf("\n", start);
    element.focus();
    element.setSelectionRange(start, end === -1 ? element.value.length : end);
    element.scrollTop = (element.scrollHeight / element.value.split("\n").length) * Math.max(0, line - ROWS / 2);
  };
  return (
    <>
      <Field name="document" label={words.document}>
        {(attributes) => (
          <textarea
            ref={area}
            {...attributes}
            defaultValue={initial}
            onChange={({ currentTarget }) => check(currentTarget)}
            rows={ROWS}
            required
            spellCheck={false}
            autoComplete="off"
            wrap="off"
            className={`${controlClass} font-mono text-[0.92em]`}
          />
        )}
      </Field>
      <p role="status" className="text-bad empty:hidden">
        {problem}
      </p>
      <Issues textOf={() => area.current?.value ?? ""} onLine={goTo} />
    </>
  );
}

type IssuesProps = { readonly textOf: () => string; readonly onLine: (line: number) => void };

/** What the server says about the catalogue, each with its place in the text. */
function Issues({ textOf, onLine }: IssuesProps) {
  const words = pricesWords.useWords();
  const error = use(FormError);
  if (error?.code !== "CATALOGUE_INVALID") return null;
  const text = textOf();
  return (
    <div className="grid gap-1">
      <p className="font-medium">{words.issues}</p>
      <ul className="grid gap-1">
        {(error as JifenError<"CATALOGUE_INVALID">).details.issues.map(({ path, message }) => {
          const line = lineOf(text, path);
          return (
            <li key={`${path} ${message}`} className="flex flex-wrap items-baseline gap-x-2 text-bad">
              <Button look="quiet" onClick={() => onLine(line)}>
                {words.line(formatNumber(line))}
              </Button>
              <span className="font-mono text-[0.92em]">{path}</span>
              <span>{message}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
