import type { JifenInputs } from "@jifen/client";
import { NumberField, TextField } from "../../ui/field.tsx";
import { codesWords } from "./words.ts";

const MAX_NAME = 100;
const MAX_GROUP = 40;

type CodeFieldsProps = {
  readonly onCount: (text: string) => void;
  readonly onCredits: (text: string) => void;
};

/** What the codes of a new batch give, and who can redeem them when. */
export function CodeFields({ onCount, onCredits }: CodeFieldsProps) {
  const words = codesWords.useWords();
  return (
    <>
      <TextField
        name="name"
        label={words.nameField}
        hint={words.nameHint}
        required
        maxLength={MAX_NAME}
        autoComplete="off"
      />
      <NumberField
        name="credits"
        label={words.creditsField}
        required
        onChange={({ target }) => onCredits(target.value)}
      />
      <NumberField
        name="codes"
        label={words.countField}
        hint={words.countHint}
        required
        onChange={({ target }) => onCount(target.value)}
      />
      <NumberField name="validDays" label={words.validDaysField} hint={words.validDaysHint} required={false} />
      <TextField name="until" label={words.untilField} type="datetime-local" required={false} />
      <details>
        <summary className="font-medium">{words.more}</summary>
        <div className="mt-3 grid gap-4">
          <TextField name="from" label={words.fromField} type="datetime-local" required={false} />
          <NumberField name="maxUsesPerCode" label={words.maxUsesField} defaultValue="1" />
          <NumberField name="maxPerUser" label={words.maxPerUserField} defaultValue="1" />
          <TextField
            name="priceGroup"
            label={words.groupField}
            hint={words.groupHint}
            required={false}
            maxLength={MAX_GROUP}
            autoComplete="off"
          />
        </div>
      </details>
    </>
  );
}

/** The batch that the fields describe. */
export function batchOf(values: FormData): Omit<JifenInputs["codeBatches"]["make"], "reason"> {
  const text = (name: string) => String(values.get(name) ?? "").trim();
  const number = (name: string) => (text(name) === "" ? {} : { [name]: Number(text(name)) });
  const time = (name: string) => (text(name) === "" ? {} : { [name]: new Date(text(name)).toISOString() });
  return {
    ...{ name: text("name"), credits: Number(text("credits")), codes: Number(text("codes")) },
    ...{ ...number("validDays"), ...number("maxUsesPerCode"), ...number("maxPerUser") },
    ...{ ...time("from"), ...time("until") },
    ...(text("priceGroup") !== "" && { priceGroup: text("priceGroup") }),
  };
}
