import { useState } from "react";
import { jifen } from "../../../jifen.ts";
import { ActDialog } from "../../../ui/act-dialog.tsx";
import { TextField } from "../../../ui/field.tsx";
import { formatNumber } from "../../../ui/format.ts";
import { usersWords } from "../words.ts";
import type { ActProps } from "./act-props.ts";
import { AmountFields } from "./amount-fields.tsx";
import { ReasonFields, reasonOf } from "./reason-fields.tsx";

/** Gives credits to a user. */
export function GiveCredits({ user: { userId }, account: { balance }, onClose }: ActProps) {
  const words = usersWords.useWords();
  const [amount, setAmount] = useState<number>();
  const shown = amount === undefined ? "" : formatNumber(amount);
  const perform = (values: FormData, idempotencyKey: string) => {
    const expires = String(values.get("expiresAt"));
    return jifen.admin.grant.mutate({
      ...{ userId, amount: Number(values.get("amount")), ...reasonOf(values), idempotencyKey },
      ...(expires !== "" && { expiresAt: new Date(expires).toISOString() }),
    });
  };
  return (
    <ActDialog
      act={`grant:${userId}`}
      title={words.giveTo(userId)}
      submit={words.giveSubmit(shown)}
      done={words.given(shown, userId)}
      {...{ perform, onClose }}
    >
      <AmountFields balance={balance} sign={1} onAmount={setAmount} />
      <ReasonFields hasNote />
      <TextField name="expiresAt" label={words.expiresAt} type="datetime-local" required={false} />
    </ActDialog>
  );
}
