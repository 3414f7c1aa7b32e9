import { useQuery } from "@tanstack/react-query";
import { getRouteApi, Link } from "@tanstack/react-router";
import { jifen, toJifenError } from "../../jifen.ts";
import { Badge } from "../../ui/badge.tsx";
import { CopyId } from "../../ui/copy-id.tsx";
import { Facts } from "../../ui/facts.tsx";
import { Time } from "../../ui/figures.tsx";
import { ErrorNotice, Notice } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { ScrollRegion } from "../../ui/scroll-region.tsx";
import { formatDuration, LogCharge } from "./log-columns.tsx";
import { logsWords } from "./words.ts";

const route = getRouteApi("/console/logs/$logId");

/** One log with all of its details. */
export function LogPage() {
  const words = logsWords.useWords();
  const { logId } = route.useParams();
  const query = useQuery({ queryKey: ["adminLogs.find", logId], queryFn: () => jifen.adminLogs.find.query({ logId }) });
  const error = toJifenError(query.error);
  const log = query.data;
  return (
    <Page title={log?.action ?? words.one}>
      {error &&
        (error.code === "LOG_NOT_FOUND" ? (
          <Notice kind="warn">{words.notFound}</Notice>
        ) : (
          <ErrorNotice error={error} />
        ))}
      {log && (
        <>
          <Facts
            facts={[
              {
                term: words.user,
                value: (
                  <Link to="/console/users/$userId" params={{ userId: log.userId }}>
                    {log.userId}
                  </Link>
                ),
              },
              {
                term: words.result,
                value: <Badge kind={log.success ? "good" : "bad"}>{log.success ? words.success : words.failure}</Badge>,
              },
              { term: words.duration, value: log.durationMs === null ? "–" : formatDuration(log.durationMs, words) },
              { term: words.charge, value: <LogCharge log={log} words={words} /> },
              { term: words.reported, value: <Time at={log.timestamp} /> },
              { term: words.received, value: <Time at={log.receivedAt} /> },
              ...(log.reference === null ? [] : [{ term: words.reference, value: <CopyId id={log.reference} /> }]),
              { term: "ID", value: <CopyId id={log.logId} /> },
            ]}
          />
          <section className="grid gap-2">
            <h2 className="font-semibold">{words.details}</h2>
            {log.details === null ? (
              <p className="text-muted">{words.noDetails}</p>
            ) : (
              <ScrollRegion label={words.details}>
                <pre className="p-3 font-mono text-[0.92em]">{JSON.stringify(log.details, null, 2)}</pre>
              </ScrollRegion>
            )}
          </section>
        </>
      )}
    </Page>
  );
}
