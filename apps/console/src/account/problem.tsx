import type { JifenError } from "@jifen/client";
import { useSession } from "../session.ts";
import { ErrorNotice } from "../ui/notice.tsx";
import { accountWords } from "../words/account.ts";

type ProblemProps = { readonly error: JifenError; readonly onRetry?: () => void };

/** A failed call, and whom to write where trying again does not help. */
export function Problem({ error, onRetry }: ProblemProps) {
  const words = accountWords.useWords();
  const { supportUrl } = useSession().state.brand;
  const isForSupport = error.code === "ACCOUNT_SUSPENDED" || error.code === "INTERNAL_ERROR";
  return (
    <div className="grid gap-2">
      <ErrorNotice error={error} {...(onRetry && { onRetry })} />
      {isForSupport && supportUrl !== null && <a href={supportUrl}>{words.support}</a>}
    </div>
  );
}
