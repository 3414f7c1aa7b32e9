import { isJifenError, type JifenError, type JifenOutputs } from "@jifen/client";
import { useState } from "react";
import { jifen } from "../../jifen.ts";
import { ActForm } from "../../ui/act-form.tsx";
import { Button } from "../../ui/button.tsx";
import { formatDay, formatNumber } from "../../ui/format.ts";
import { Notice } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { entryLink } from "../history/entry-link.tsx";
import { CodeField } from "./code-field.tsx";
import { redeemWords } from "./words.ts";

type Redeemed = JifenOutputs["codes"]["redeem"];

/** Redeems a code, and shows what it gave. */
export function RedeemPage() {
  const words = redeemWords.useWords();
  const [redeemed, setRedeemed] = useState<Redeemed>();
  const perform = async (values: FormData) =>
    setRedeemed(await jifen.codes.redeem.mutate({ code: String(values.get("code")).trim() }));
  return (
    <Page title={words.title}>
      <div className="grid max-w-md gap-4">
        {redeemed ? (
          <>
            <Result redeemed={redeemed} />
            <Button onClick={() => setRedeemed(undefined)}>{words.again}</Button>
          </>
        ) : (
          <ActForm
            act="redeem"
            submit={words.submit}
            perform={perform}
            onDone={() => undefined}
            explain={(error) => explainRefusal(error, words)}
          >
            <CodeField />
          </ActForm>
        )}
      </div>
    </Page>
  );
}

function Result({ redeemed: { credits, expiresAt, balance, transactionId } }: { readonly redeemed: Redeemed }) {
  const words = redeemWords.useWords();
  return (
    <Notice kind="good">
      <p className="text-lg font-semibold">{words.credits(formatNumber(credits))}</p>
      <p>{expiresAt === null ? words.forever : words.until(formatDay(expiresAt))}</p>
      <p>{words.balance(formatNumber(balance))}</p>
      <p>{entryLink({ transactionId }, words.entry)}</p>
    </Notice>
  );
}

const SECONDS_PER_MINUTE = 60;

/** What a refusal means to the person who typed the code. */
function explainRefusal(error: JifenError, words: ReturnType<typeof redeemWords.useWords>): string | undefined {
  if (isJifenError(error, "CODE_NOT_VALID")) return words.notValid;
  if (isJifenError(error, "CODE_LIMIT")) return words.codeLimit(formatNumber(error.details.limit));
  if (isJifenError(error, "SELF_ACTION_FORBIDDEN")) return words.ownAccount;
  if (isJifenError(error, "BALANCE_LIMIT")) return words.balanceLimit(formatNumber(error.details.limit));
  if (isJifenError(error, "RATE_LIMITED")) {
    return words.tooMany(formatNumber(Math.ceil(error.details.retryAfterSeconds / SECONDS_PER_MINUTE)));
  }
  return undefined;
}
