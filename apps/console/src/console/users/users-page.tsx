import { getRouteApi } from "@tanstack/react-router";
import { jifen } from "../../jifen.ts";
import { roles } from "../../roles.ts";
import { useSession } from "../../session.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Filters } from "../../ui/filters.tsx";
import { List } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { setFilters } from "../../ui/set-filters.ts";
import { usePages } from "../../use-pages.ts";
import { uiWords } from "../../words/ui.ts";
import { userColumns } from "./user-columns.tsx";
import { toUserFilter, userSearch, userStates } from "./user-search.ts";
import { usersWords } from "./words.ts";

const route = getRouteApi("/console/users");

/** All users, by the start of the address, by role and by state. */
export function UsersPage() {
  const words = usersWords.useWords();
  const { roles: roleNames } = uiWords.useWords();
  const { role: ownRole } = useSession().session;
  const search = route.useSearch();
  const { q, role, state } = search;
  const navigate = route.useNavigate();
  const filter = toUserFilter(search);
  const users = usePages({
    key: ["users.list", filter],
    read: (cursor) =>
      jifen.users.list.query({ ...filter, with: "balance", limit: 50, ...(cursor !== undefined && { cursor }) }),
  });
  const filters = setFilters(
    { [words.search]: q, [words.role]: role && roleNames[role], [words.state]: state && words[state] },
    () => void navigate({ search: {}, replace: true }),
  );
  return (
    <Page
      title={words.title}
      actions={
        <>
          {ownRole !== "support" && <ButtonLink to="/console/users/give">{words.giveMany}</ButtonLink>}
          {ownRole === "admin" && (
            <ButtonLink to="/console/users/new" look="primary">
              {words.create}
            </ButtonLink>
          )}
        </>
      }
    >
      <Filters
        isSet={filters !== undefined}
        label={words.filters}
        onChange={(values) => void navigate({ search: userSearch(Object.fromEntries(values)), replace: true })}
      >
        <SearchField name="q" label={words.search} defaultValue={q} />
        <SelectField name="role" label={words.role} defaultValue={role ?? ""}>
          <option value="">{words.everyRole}</option>
          {roles.map((each) => (
            <option key={each} value={each}>
              {roleNames[each]}
            </option>
          ))}
        </SelectField>
        <SelectField name="state" label={words.state} defaultValue={state ?? ""}>
          <option value="">{words.everyState}</option>
          {userStates.map((each) => (
            <option key={each} value={each}>
              {words[each]}
            </option>
          ))}
        </SelectField>
      </Filters>
      <List
        pages={users}
        caption={words.table}
        rowKey={({ userId }) => userId}
        empty={words.empty}
        filters={filters}
        columns={userColumns(words, roleNames)}
      />
    </Page>
  );
}
