import { Button } from "../../../ui/button.tsx";
import { ErrorNotice } from "../../../ui/notice.tsx";
import { PasswordAgain } from "../../../ui/password-again.tsx";
import { useAct } from "../../../use-act.ts";
import { uiWords } from "../../../words/ui.ts";
import { giveManyWords } from "./words.ts";

type AgainOrCloseProps = {
  readonly hasRefused: boolean;
  /** Whether it is not known for each user if the credits were given. */
  readonly hasOpen: boolean;
  readonly onAgain: () => Promise<void>;
  readonly onClose: () => void;
};

/** What a person can do with the results: send the same request again, or leave it. While results are open, leaving is giving up. */
export function AgainOrClose({ hasRefused, hasOpen, onAgain, onClose }: AgainOrCloseProps) {
  const [words, common] = [giveManyWords.useWords(), uiWords.useWords()];
  const again = useAct(onAgain);
  const giveAgain = () => void again.run();
  if (again.error?.code === "CONFIRMATION_REQUIRED") {
    return (
      <div className="max-w-xl">
        <PasswordAgain onConfirmed={giveAgain} />
      </div>
    );
  }
  return (
    <>
      {again.error && <ErrorNotice error={again.error} />}
      <div className="flex flex-wrap items-center gap-2">
        {hasRefused && (
          <>
            <Button look={hasOpen ? "primary" : "plain"} onClick={giveAgain} isBusy={again.isPending}>
              {words.again}
            </Button>
            <span className="text-muted">{words.againText}</span>
          </>
        )}
        <Button onClick={onClose} disabled={again.isPending}>
          {hasOpen ? common.discard : words.another}
        </Button>
      </div>
    </>
  );
}
