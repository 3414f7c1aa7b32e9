import { useState } from "react";
import { jifen } from "../../../jifen.ts";
import { ActDialog } from "../../../ui/act-dialog.tsx";
import { formatNumber } from "../../../ui/format.ts";
import { usersWords } from "../words.ts";
import type { ActProps } from "./act-props.ts";
import { AmountFields } from "./amount-fields.tsx";
import { ReasonFields, reasonOf } from "./reason-fields.tsx";

/** Takes credits from a user. Held credits cannot be taken. */
export function TakeCredits({ user: { userId }, account: { balance }, onClose }: ActProps) {
  const words = usersWords.useWords();
  const [amount, setAmount] = useState<number>();
  const shown = amount === undefined ? "" : formatNumber(amount);
  return (
    <ActDialog
      act={`revoke:${userId}`}
      title={words.takeFrom(userId)}
      submit={words.takeSubmit(shown)}
      done={words.taken(shown, userId)}
      isDanger
      perform={(values, idempotencyKey) =>
        jifen.admin.revoke.mutate({ userId, amount: Number(values.get("amount")), ...reasonOf(values), idempotencyKey })
      }
      onClose={onClose}
    >
      <p>{words.takeable(formatNumber(balance))}</p>
      <AmountFields balance={balance} sign={-1} onAmount={setAmount} />
      <ReasonFields hasNote />
    </ActDialog>
  );
}
