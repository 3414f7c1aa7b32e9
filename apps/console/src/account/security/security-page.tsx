import { useState } from "react";
import { jifen } from "../../jifen.ts";
import { useSession } from "../../session.ts";
import { ActDialog } from "../../ui/act-dialog.tsx";
import { Button } from "../../ui/button.tsx";
import { Facts } from "../../ui/facts.tsx";
import { formatTime } from "../../ui/format.ts";
import { Page } from "../../ui/page.tsx";
import { uiWords } from "../../words/ui.ts";
import { Panel } from "../panel.tsx";
import { ChangeName } from "./change-name.tsx";
import { ChangePassword } from "./change-password.tsx";
import { Preferences } from "./preferences.tsx";
import { SignIns } from "./sign-ins.tsx";
import { securityWords } from "./words.ts";

/** The person, the password and the log-ins. */
export function SecurityPage() {
  const words = securityWords.useWords();
  return (
    <Page title={words.title}>
      <div className="grid items-start gap-4 md:grid-cols-2">
        <Person />
        <Sessions />
        <ChangePassword />
        <Preferences />
        <div className="min-w-0 md:col-span-2">
          <SignIns />
        </div>
      </div>
    </Page>
  );
}

function Person() {
  const words = securityWords.useWords();
  const { roles } = uiWords.useWords();
  const { email, role } = useSession().session;
  return (
    <Panel title={words.person}>
      <Facts
        facts={[
          { term: words.email, value: email },
          ...(role === "user" ? [] : [{ term: words.role, value: roles[role] }]),
        ]}
      />
      <ChangeName />
    </Panel>
  );
}

function Sessions() {
  const words = securityWords.useWords();
  const { expiresAt } = useSession().session;
  const [isOpen, setOpen] = useState(false);
  return (
    <Panel title={words.sessions}>
      <p>{words.sessionUntil(formatTime(expiresAt))}</p>
      <div>
        <Button look="danger" onClick={() => setOpen(true)}>
          {words.everywhere}
        </Button>
      </div>
      {isOpen && (
        <ActDialog
          act="log-out-everywhere"
          title={words.everywhereTitle}
          submit={words.everywhere}
          done={words.everywhereDone}
          isDanger
          perform={() => jifen.auth.logoutEverywhere.mutate()}
          onClose={() => setOpen(false)}
        >
          <p>{words.everywhereText}</p>
        </ActDialog>
      )}
    </Panel>
  );
}
