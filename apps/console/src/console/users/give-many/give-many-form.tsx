import { useState } from "react";
import { ActForm } from "../../../ui/act-form.tsx";
import { NumberField, TextArea, TextField } from "../../../ui/field.tsx";
import { formatNumber } from "../../../ui/format.ts";
import { AmountAgain } from "../acts/amount-again.tsx";
import { ReasonFields, reasonOf } from "../acts/reason-fields.tsx";
import { BadLines } from "./bad-lines.tsx";
import type { BatchRequest } from "./batch.ts";
import { readLines, totalOf } from "./read-lines.ts";
import { giveManyWords } from "./words.ts";

/** As many as one request takes. */
const MOST_USERS = 500;

const toAmount = (text: string): number | undefined => (/^[1-9]\d{0,11}$/.test(text) ? Number(text) : undefined);

type GiveManyFormProps = { readonly onGive: (request: BatchRequest) => Promise<unknown> };

/** The users, one a line, and what each gets. What was pasted is counted before anything is given. */
export function GiveManyForm({ onGive }: GiveManyFormProps) {
  const words = giveManyWords.useWords();
  const [pasted, setPasted] = useState("");
  const [amount, setAmount] = useState("");
  const lines = readLines(pasted);
  const total = totalOf(lines, toAmount(amount));
  const count = lines.good.length;
  const isReady = count > 0 && count <= MOST_USERS && lines.bad.length === 0 && total !== undefined;
  const perform = (values: FormData, idempotencyKey: string) => {
    const [forAll, expires] = [toAmount(String(values.get("amount"))), String(values.get("expiresAt"))];
    return onGive({
      entries: readLines(String(values.get("entries"))).good.map(({ userId, amount: own }) => ({
        userId,
        ...(own !== undefined && { amount: own }),
      })),
      ...(forAll !== undefined && { amount: forAll }),
      ...(expires !== "" && { expiresAt: new Date(expires).toISOString() }),
      ...reasonOf(values),
      idempotencyKey,
    });
  };
  return (
    <div className="max-w-xl rounded-md border border-line bg-card p-4">
      <ActForm
        act="grant-many"
        submit={isReady ? words.submit(formatNumber(total), formatNumber(count)) : words.give}
        isDisabled={!isReady}
        perform={perform}
        onDone={() => undefined}
      >
        <TextArea
          name="entries"
          label={words.users}
          hint={words.usersHint}
          rows={8}
          required
          spellCheck={false}
          autoComplete="off"
          value={pasted}
          onChange={({ target }) => setPasted(target.value)}
        />
        <NumberField
          name="amount"
          label={words.amount}
          hint={words.amountHint}
          required={false}
          value={amount}
          onChange={({ target }) => setAmount(target.value)}
        />
        <p role="status" className="rounded-md bg-sunken px-3 py-2 font-medium">
          {countText(words, { count, total })}
        </p>
        <BadLines lines={lines} />
        <AmountAgain
          name="totalAgain"
          amount={isReady ? total : undefined}
          label={words.totalAgain}
          why={words.totalAgainWhy}
          rule={words.totalAgainRule}
        />
        <ReasonFields hasNote />
        <TextField name="expiresAt" label={words.expiresAt} type="datetime-local" required={false} />
      </ActForm>
    </div>
  );
}

type Counted = { readonly count: number; readonly total: number | undefined };

function countText(words: ReturnType<typeof giveManyWords.useWords>, { count, total }: Counted): string {
  if (count === 0) return words.noUsers;
  if (count > MOST_USERS) return words.tooMany(formatNumber(MOST_USERS));
  if (total === undefined) return words.amountMissing(formatNumber(count));
  return words.counts(formatNumber(count), formatNumber(total));
}
