import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { jifen } from "../../jifen.ts";
import { CreateKey } from "../../keys/create-key.tsx";
import { keyColumns } from "../../keys/key-columns.tsx";
import { type KeyState, keyStates, type Scope } from "../../keys/types.ts";
import { keysWords } from "../../keys/words.ts";
import { Button } from "../../ui/button.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Filters } from "../../ui/filters.tsx";
import { List } from "../../ui/list.tsx";
import { Page } from "../../ui/page.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { setFilters } from "../../ui/set-filters.ts";
import { usePages } from "../../use-pages.ts";

const route = getRouteApi("/console/keys");

/** The service keys of all owners: what calls Jifen, what it may do, and when it last did. */
export function KeysPage() {
  const words = keysWords.useWords();
  // The texts name every scope of the contract: one that lacks a text does not compile.
  const scopes = Object.keys(words.scopes) as Scope[];
  const { q, state } = route.useSearch();
  const navigate = route.useNavigate();
  const [isCreating, setCreating] = useState(false);
  const filter = { all: true, ...(q !== undefined && { userId: q }), ...(state !== undefined && { state }) };
  const filters = setFilters(
    { [words.ownerFilter]: q, [words.state]: state && words[state] },
    () => void navigate({ search: {}, replace: true }),
  );
  const keys = usePages({
    key: ["keys.list", filter],
    read: (cursor) => jifen.keys.list.query({ ...filter, limit: 50, ...(cursor !== undefined && { cursor }) }),
  });
  const owner = {
    title: words.owner,
    cell: ({ ownerId }: { readonly ownerId: string }) => (
      <Link to="/console/users/$userId" params={{ userId: ownerId }} className="wrap-anywhere">
        {ownerId}
      </Link>
    ),
  };
  return (
    <Page
      title={words.title}
      actions={
        <Button look="primary" onClick={() => setCreating(true)}>
          {words.create}
        </Button>
      }
    >
      <p className="text-muted">{words.what}</p>
      <Filters
        isSet={filters !== undefined}
        label={words.filters}
        onChange={(values) =>
          void navigate({
            search: {
              q: String(values.get("q")) || undefined,
              state: (values.get("state") || undefined) as KeyState | undefined,
            },
            replace: true,
          })
        }
      >
        <SearchField name="q" label={words.ownerFilter} defaultValue={q} />
        <SelectField name="state" label={words.state} defaultValue={state ?? ""}>
          <option value="">{words.everyState}</option>
          {keyStates.map((each) => (
            <option key={each} value={each}>
              {words[each]}
            </option>
          ))}
        </SelectField>
      </Filters>
      <List
        pages={keys}
        caption={words.table}
        rowKey={({ keyId }) => keyId}
        columns={keyColumns(words, owner)}
        empty={words.empty}
        filters={filters}
      />
      {isCreating && <CreateKey scopes={scopes} hasOwner onClose={() => setCreating(false)} />}
    </Page>
  );
}
