import { useQuery } from "@tanstack/react-query";
import { jifen, toJifenError } from "../../jifen.ts";
import { Facts } from "../../ui/facts.tsx";
import { Time } from "../../ui/figures.tsx";
import { ErrorNotice } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { Audits } from "./audits.tsx";
import { Channels } from "./channels.tsx";
import { Doctor } from "./doctor.tsx";
import { Jobs } from "./jobs.tsx";
import { SettingsInForce } from "./settings-in-force.tsx";
import { TestMail } from "./test-mail.tsx";
import { systemWords } from "./words.ts";

const REFRESH_MS = 15_000;

/** How the installation is doing: what is wrong comes first. */
export function SystemPage() {
  const words = systemWords.useWords();
  const status = useQuery({
    queryKey: ["system.status"],
    queryFn: () => jifen.system.status.query({}),
    refetchInterval: REFRESH_MS,
  });
  const error = toJifenError(status.error);
  const { data } = status;
  const isOn = (value: boolean) => (value ? words.on : words.off);
  return (
    <Page title={words.title}>
      {error && <ErrorNotice error={error} onRetry={() => void status.refetch()} />}
      {data && (
        <Facts
          facts={[
            { term: words.version, value: data.version },
            { term: words.started, value: <Time at={data.startedAt} /> },
            { term: words.database, value: data.database },
            { term: words.mail, value: isOn(data.mail) },
            { term: words.redis, value: isOn(data.redis) },
          ]}
        />
      )}
      <Doctor />
      <Audits />
      {data && <TestMail isConfigured={data.mail} />}
      <Channels />
      {data && <Jobs jobs={data.jobs} />}
      <SettingsInForce />
    </Page>
  );
}
