import type { ReactNode } from "react";

type ChoiceProps = {
  readonly name: string;
  readonly value: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  readonly children: ReactNode;
};

/** One of some cards, of which one is chosen. */
export const Choice = ({ name, value, isChosen, onChoose, children }: ChoiceProps) => (
  <label className="flex min-h-12 cursor-pointer items-center gap-3 rounded-md border border-line-strong/60 bg-card px-3 py-2 hover:bg-sunken has-checked:border-seal has-checked:bg-seal-soft has-focus-visible:outline-2 has-focus-visible:outline-offset-2 has-focus-visible:outline-seal">
    <input
      type="radio"
      {...{ name, value }}
      checked={isChosen}
      onChange={onChoose}
      className="size-4 shrink-0 accent-seal outline-none"
    />
    <span className="flex min-w-0 flex-1 flex-wrap items-baseline justify-between gap-x-4">{children}</span>
  </label>
);
