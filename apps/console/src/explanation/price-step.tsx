import type { JifenOutputs } from "@jifen/client";
import type { ReactNode } from "react";
import { DataTable } from "../ui/data-table.tsx";
import { formatMicro, formatNumber } from "../ui/format.ts";
import { paramsText } from "./params-text.ts";
import { explainWords } from "./words.ts";

type Price = NonNullable<JifenOutputs["transactions"]["find"]["price"]>;
type Formula = NonNullable<Price["formula"]>;

type PriceStepProps = {
  readonly price: Price;
  /** The charged or held credits. */
  readonly amount: number;
  /** What only staff sees of the price. */
  readonly note: ReactNode;
};

/** How the amount follows from the catalogue: the parameters, the parts of the price, and the rounding. */
export function PriceStep({ price: { params, usage, factor, formula }, amount, note }: PriceStepProps) {
  const words = explainWords.useWords();
  return (
    <>
      {note}
      <p>
        {words.params}: <span className="font-mono">{paramsText(params) || "–"}</span>
      </p>
      {usage !== null && (
        <p>
          {words.usage}: <span className="font-mono">{paramsText(usage)}</span>
        </p>
      )}
      {formula && <Parts lines={formula.lines} />}
      {factor !== "1" && (
        <p>
          {words.factor} × {factor}
        </p>
      )}
      {formula && <Result formula={formula} amount={amount} />}
    </>
  );
}

function Parts({ lines }: Pick<Formula, "lines">) {
  const words = explainWords.useWords();
  if (lines.length === 0) return null;
  return (
    <div className="max-w-xl">
      <DataTable
        caption={words.parts}
        rows={lines}
        rowKey={({ what }) => what}
        columns={[
          { title: words.part, cell: ({ what }) => (what === "base" ? words.base : what) },
          { title: words.quantity, isNumber: true, cell: ({ quantity }) => quantity },
          {
            title: words.each,
            isNumber: true,
            cell: ({ micro }) => (micro === null ? words.tiers : formatMicro(micro)),
          },
          { title: words.credits, isNumber: true, cell: ({ credits }) => credits },
        ]}
      />
    </div>
  );
}

function Result({
  formula: { exact, minimum, credits },
  amount,
}: {
  readonly formula: Formula;
  readonly amount: number;
}) {
  const words = explainWords.useWords();
  const isRaised = credits === minimum && Number(exact) < minimum;
  return (
    <>
      <p>{isRaised ? words.raised(exact, formatNumber(minimum)) : words.rounded(exact, formatNumber(credits))}</p>
      {credits !== amount && <p>{words.otherAmount(formatNumber(credits), formatNumber(amount))}</p>}
    </>
  );
}
