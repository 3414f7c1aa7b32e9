import type { JifenError } from "@jifen/client";
import { type FormEvent, type ReactNode, useEffect, useRef } from "react";
import { useKeyedAct, type Values } from "../use-keyed-act.ts";
import { uiWords } from "../words/ui.ts";
import { Button } from "./button.tsx";
import { FormError, issuesOf } from "./form-errors.ts";
import { ErrorNotice } from "./notice.tsx";
import { PasswordAgain } from "./password-again.tsx";
import { UnresolvedNotice } from "./unresolved-notice.tsx";

type ActFormProps = {
  /** What is done to what, such as `grant:user@example.com`. */
  readonly act: string;
  /** Sends the act with the values of the form, which may be those of a former attempt: it uses nothing else of the form. */
  readonly perform: (values: FormData, idempotencyKey: string) => Promise<unknown>;
  readonly onDone: () => void;
  readonly onCancel?: () => void;
  /** What the button does, in words: "Give 100 credits". */
  readonly submit: string;
  /** What to do when the outcome is unknown, for an act without an idempotency key: repeating it may do it twice. */
  readonly unknownOutcome?: string;
  readonly isDanger?: boolean;
  readonly isDisabled?: boolean;
  /** What a refusal means here, where the sentence of the server can be said better; undefined for others. */
  readonly explain?: (error: JifenError) => string | undefined;
  readonly children?: ReactNode;
};

/**
 * A form for one act. It keeps what was typed, shows what the server says about a field at that field, asks for the
 * password again when the act needs it, and never does the act twice: while the outcome of a former attempt is unknown, that
 * attempt can only be sent again as it was, or be given up.
 */
export function ActForm(props: ActFormProps) {
  const { onDone, onCancel, submit, unknownOutcome, isDanger, isDisabled, explain, children } = props;
  const words = uiWords.useWords();
  const form = useRef<HTMLFormElement>(null);
  const act = useKeyedAct(props.act, props.perform);
  const { error, unresolved } = act;
  const finish = async (attempt: Promise<boolean>) => {
    if (await attempt) onDone();
  };
  const start = () =>
    void finish(unresolved ? act.retry() : act.run(valuesOf(form.current), hasPassword(form.current)));
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    start();
  };
  useEffect(() => {
    if (issuesOf(error).length > 0) form.current?.querySelector<HTMLElement>("[aria-invalid]")?.focus();
  }, [error]);
  const needsPassword = error?.code === "CONFIRMATION_REQUIRED";
  return (
    <FormError value={error}>
      {/* Kept in the page, so that what was typed is still there when the former attempt is given up. */}
      <form ref={form} onSubmit={onSubmit} className={unresolved ? "hidden" : "grid gap-4"}>
        {children}
        {error && !needsPassword && <ErrorNotice error={error} text={explain?.(error)} />}
        {!needsPassword && (
          <div className="flex flex-wrap justify-end gap-2 max-sm:*:grow">
            {onCancel && <Button onClick={onCancel}>{words.cancel}</Button>}
            <Button type="submit" look={isDanger ? "danger" : "primary"} isBusy={act.isPending} disabled={isDisabled}>
              {submit}
            </Button>
          </div>
        )}
      </form>
      {unresolved && !needsPassword && (
        <UnresolvedNotice
          act={unresolved}
          text={unknownOutcome ?? words.outcomeUnknown}
          isBusy={act.isPending}
          onRetry={start}
          onDiscard={act.discard}
        />
      )}
      {needsPassword && <PasswordAgain onConfirmed={start} />}
    </FormError>
  );
}

/** The values of the form; a file is no value. */
const valuesOf = (form: HTMLFormElement | null): Values =>
  [...new FormData(form ?? undefined)].flatMap(([name, value]) =>
    typeof value === "string" ? [[name, value] as const] : [],
  );

const hasPassword = (form: HTMLFormElement | null) => form?.querySelector("input[type=password]") !== null;
