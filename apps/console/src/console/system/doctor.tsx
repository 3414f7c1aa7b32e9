import { useQuery } from "@tanstack/react-query";
import { jifen, toJifenError } from "../../jifen.ts";
import { Badge } from "../../ui/badge.tsx";
import { Button } from "../../ui/button.tsx";
import { Time } from "../../ui/figures.tsx";
import { formatNumber } from "../../ui/format.ts";
import { ErrorNotice } from "../../ui/notice.tsx";
import { FindingLink } from "./finding-link.tsx";
import { systemWords } from "./words.ts";

const badges = { ok: "good", warning: "warn", error: "bad" } as const;
const order = ["error", "warning", "ok"] as const;

/** What the doctor finds: errors first, each with what to do; what is fine is folded. */
export function Doctor() {
  const words = systemWords.useWords();
  // The doctor changes nothing, so looking at the page may ask it.
  const query = useQuery({
    queryKey: ["system.doctor"],
    queryFn: () => jifen.system.doctor.mutate({}),
    staleTime: Number.POSITIVE_INFINITY,
    refetchOnWindowFocus: false,
  });
  const error = toJifenError(query.error);
  const findings = (query.data?.findings ?? []).toSorted(
    (one, other) => order.indexOf(one.state) - order.indexOf(other.state),
  );
  const [problems, fine] = [
    findings.filter(({ state }) => state !== "ok"),
    findings.filter(({ state }) => state === "ok"),
  ];
  const show = (shown: typeof findings) => (
    <ul className="grid gap-2">
      {shown.map(({ about, state, message, remedy }) => (
        <li key={`${about} ${message}`} className="grid gap-0.5 rounded-md border border-line bg-card px-3 py-2">
          <p>
            <Badge kind={badges[state]}>{words.states[state]}</Badge> <strong>{about}</strong> · {message}
          </p>
          {remedy !== null && (
            <p className="text-muted">
              {words.remedy}: <span className="whitespace-pre-line">{remedy}</span> <FindingLink about={about} />
            </p>
          )}
        </li>
      ))}
    </ul>
  );
  return (
    <section className="grid gap-2">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h2 className="font-semibold">{words.doctor}</h2>
        <Button onClick={() => void query.refetch()} isBusy={query.isFetching}>
          {query.isFetching ? words.checking : words.check}
        </Button>
      </div>
      {error && <ErrorNotice error={error} />}
      {query.data && (
        <>
          <p role="status" className="text-muted">
            {problems.length === 0 && `${words.allGood} · `}
            {words.checkedAt} <Time at={query.data.checkedAt} />
          </p>
          {show(problems)}
          <details>
            <summary className="text-muted">{words.good(formatNumber(fine.length))}</summary>
            <div className="mt-2">{show(fine)}</div>
          </details>
        </>
      )}
    </section>
  );
}
