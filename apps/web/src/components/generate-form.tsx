"use client";

import type { Language } from "@jifen/client";
import { useErrorText, useQuote } from "@jifen/client/react";
import { useState } from "react";
import { type Generation, generate } from "../actions/generate.ts";
import { generateWordsOf, nameOf } from "../lib/generate-words.ts";
import { initialValues, type ParamValues, type PricedAction } from "../lib/priced-action.ts";
import { GenerationResult } from "./generation-result.tsx";
import { PayButton } from "./jifen/pay-button";
import { ParamField } from "./param-field.tsx";

type GenerateFormProps = {
  readonly language: Language;
  /** At least one. */
  readonly actions: readonly [PricedAction, ...PricedAction[]];
};

/** Shows the price of an action while its parameters change, and generates at the quoted price. */
export function GenerateForm({ language, actions }: GenerateFormProps) {
  const say = generateWordsOf(language);
  const errorText = useErrorText();
  const [action, setAction] = useState<PricedAction>(actions[0]);
  const [values, setValues] = useState<ParamValues>(initialValues(actions[0]));
  const [last, setLast] = useState<Generation>();
  const { data: quote, error } = useQuote({ action: action.action, params: values });

  function choose(name: string): void {
    const chosen = actions.find((each) => each.action === name) ?? actions[0];
    setAction(chosen);
    setValues(initialValues(chosen));
  }

  const wanted = { action: action.action, params: values, quote: { credits: quote?.credits ?? 0 } };
  return (
    <div className="grid items-start gap-6 *:min-w-0 md:grid-cols-2">
      <section className="flex flex-col gap-4 rounded-xl border border-line bg-card p-5">
        <ActionField language={language} actions={actions} chosen={action} onChoose={choose} />
        {action.params.map((param) => (
          <ParamField
            key={`${action.action} ${param.name}`}
            {...{ language, param }}
            value={values[param.name] ?? ""}
            onChange={(value) => setValues({ ...values, [param.name]: value })}
          />
        ))}
        <PayButton action={generate} name="generate" input={wanted} cost={quote?.credits} onPaid={setLast}>
          {say.generate}
        </PayButton>
        {error && (
          <p role="alert" className="text-sm text-warn-ink">
            {errorText(error)}
          </p>
        )}
      </section>
      <GenerationResult language={language} last={last} />
    </div>
  );
}

type ActionFieldProps = {
  readonly language: Language;
  readonly actions: readonly PricedAction[];
  readonly chosen: PricedAction;
  readonly onChoose: (name: string) => void;
};

function ActionField({ language, actions, chosen, onChoose }: ActionFieldProps) {
  return (
    <label className="flex flex-col gap-1.5">
      <span className="text-sm font-medium">{generateWordsOf(language).action}</span>
      <select
        value={chosen.action}
        onChange={(event) => onChoose(event.target.value)}
        className="rounded-lg border border-muted bg-paper px-3 py-2.5 text-base"
      >
        {actions.map(({ action }) => (
          <option key={action} value={action}>
            {nameOf(action, language)}
          </option>
        ))}
      </select>
    </label>
  );
}
