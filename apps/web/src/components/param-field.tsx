import type { Language } from "@jifen/client";
import { nameOf } from "../lib/generate-words.ts";
import type { Param } from "../lib/priced-action.ts";

type ParamFieldProps = {
  readonly language: Language;
  readonly param: Param;
  readonly value: string;
  readonly onChange: (value: string) => void;
};

const look = "rounded-lg border border-muted bg-paper px-3 py-2.5 text-base";

/** A field for a parameter of an action: a list of values, or a number. */
export function ParamField({ language, param, value, onChange }: ParamFieldProps) {
  const { name, values, min, max, step } = param;
  const id = `param-${name}`;
  return (
    <div className="flex flex-col gap-1.5">
      <label htmlFor={id} className="text-sm font-medium">
        {nameOf(name, language)}
      </label>
      {values ? (
        <select id={id} value={value} onChange={(event) => onChange(event.target.value)} className={look}>
          {values.map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      ) : (
        <input
          id={id}
          type="number"
          required
          {...{ min, max, step, value }}
          onChange={(event) => onChange(event.target.value)}
          className={look}
        />
      )}
    </div>
  );
}
