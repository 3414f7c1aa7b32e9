import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { announce } from "../../announcements.ts";
import { Explanation } from "../../explanation/explanation.tsx";
import { explanationText } from "../../explanation/explanation-text.ts";
import { explainWords } from "../../explanation/words.ts";
import { jifen, toJifenError } from "../../jifen.ts";
import { ledgerWords } from "../../ledger/words.ts";
import { Button, ButtonLink } from "../../ui/button.tsx";
import { CopyId } from "../../ui/copy-id.tsx";
import { Notice } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { accountWords } from "../../words/account.ts";
import { Problem } from "../problem.tsx";
import { entryLink } from "./entry-link.tsx";

const route = getRouteApi("/account/history/$transactionId");

/** Why the balance changed: one entry with all that belongs to it. */
export function EntryPage() {
  const words = accountWords.useWords();
  const explain = explainWords.useWords();
  const ledger = ledgerWords.useWords();
  const { transactionId } = route.useParams();
  const query = useQuery({
    queryKey: ["transactions.find", transactionId],
    queryFn: () => jifen.transactions.find.query({ transactionId }),
  });
  const error = toJifenError(query.error);
  const details = query.data;
  const copy = () => {
    const text = details && explanationText(details, { words: explain, ledger });
    if (text !== undefined) void navigator.clipboard?.writeText(text).then(() => announce(explain.copied));
  };
  return (
    <Page
      title={explain.title}
      actions={
        <>
          <ButtonLink to="/account/history">{words.all}</ButtonLink>
          {details && <Button onClick={copy}>{words.copyEntry}</Button>}
        </>
      }
    >
      {error &&
        (error.code === "TRANSACTION_NOT_FOUND" ? (
          <Notice kind="warn">{explain.notFound}</Notice>
        ) : (
          <Problem error={error} onRetry={() => void query.refetch()} />
        ))}
      {details && (
        <>
          <p className="text-muted">
            <CopyId id={details.transactionId} />
          </p>
          <Explanation details={details} link={(id, text) => entryLink({ transactionId: id }, text)} />
        </>
      )}
    </Page>
  );
}
