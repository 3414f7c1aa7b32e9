import { getRouteApi, Link } from "@tanstack/react-router";
import { jifen } from "../../jifen.ts";
import { holdColumns } from "../../ledger/hold-columns.tsx";
import { ledgerWords } from "../../ledger/words.ts";
import { useSession } from "../../session.ts";
import { SelectField } from "../../ui/field.tsx";
import { Time } from "../../ui/figures.tsx";
import { Filters } from "../../ui/filters.tsx";
import { List } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { setFilters } from "../../ui/set-filters.ts";
import { usePages } from "../../use-pages.ts";
import { type Age, ages } from "./ages.ts";
import { type OpenHold, ReleaseHold } from "./release-hold.tsx";
import { holdsWords } from "./words.ts";

const route = getRouteApi("/console/holds");
const REFRESH_MS = 15_000;

/** The holds that are not resolved, of all users, oldest first. */
export function HoldsPage() {
  const words = holdsWords.useWords();
  const ledger = ledgerWords.useWords();
  const { role } = useSession().session;
  const { older } = route.useSearch();
  const navigate = route.useNavigate();
  const filter = older === undefined ? {} : { olderThanSeconds: ages[older] };
  const filters = setFilters(
    { [words.older]: older && words[older] },
    () => void navigate({ search: {}, replace: true }),
  );
  const holds = usePages({
    key: ["holds.listOpen", filter],
    read: (cursor) => jifen.holds.listOpen.query({ ...filter, limit: 50, ...(cursor !== undefined && { cursor }) }),
    refreshMs: REFRESH_MS,
  });
  return (
    <Page title={words.title}>
      <p className="text-muted">{words.what}</p>
      <Filters
        isSet={filters !== undefined}
        label={words.older}
        onChange={(values) =>
          void navigate({ search: { older: (values.get("older") || undefined) as Age | undefined }, replace: true })
        }
      >
        <SelectField name="older" label={words.older} defaultValue={older ?? ""}>
          <option value="">{words.everyAge}</option>
          <option value="hour">{words.hour}</option>
          <option value="day">{words.day}</option>
        </SelectField>
      </Filters>
      <List
        pages={holds}
        caption={words.title}
        rowKey={({ holdId }) => holdId}
        empty={words.none}
        filters={filters}
        columns={[
          {
            title: words.user,
            cell: ({ userId }) => (
              <Link to="/console/users/$userId" params={{ userId }}>
                {userId}
              </Link>
            ),
          },
          { title: words.age, cell: ({ createdAt }) => <Time at={createdAt} form="relative" /> },
          ...holdColumns<OpenHold>(ledger).slice(1),
          ...(role === "support" ? [] : [{ title: words.acts, cell: (hold: OpenHold) => <ReleaseHold hold={hold} /> }]),
        ]}
      />
    </Page>
  );
}
