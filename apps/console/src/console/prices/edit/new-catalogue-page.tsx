import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { useRef } from "react";
import { announce } from "../../../announcements.ts";
import { jifen, toJifenError } from "../../../jifen.ts";
import { ActForm } from "../../../ui/act-form.tsx";
import { TextField } from "../../../ui/field.tsx";
import { ErrorNotice } from "../../../ui/notice.tsx";
import { Page } from "../../../ui/page.tsx";
import { pricesWords } from "../words.ts";
import { DocumentField } from "./document-field.tsx";
import { readDocument } from "./read-document.ts";

const route = getRouteApi("/console/prices/new");
const MAX_NOTE = 200;
const empty = { actions: [], multipliers: [], packs: [] };

/** Creates a draft of the catalogue, from another version if the address names one. */
export function NewCataloguePage() {
  const words = pricesWords.useWords();
  const { from } = route.useSearch();
  const query = useQuery({
    queryKey: ["adminCatalogues.find", from],
    queryFn: () => jifen.adminCatalogues.find.query({ version: from ?? 0 }),
    enabled: from !== undefined,
    refetchOnWindowFocus: false,
  });
  const error = toJifenError(query.error);
  const document = from === undefined ? empty : query.data?.document;
  return (
    <Page title={words.newTitle}>
      <p className="text-muted">{words.newText}</p>
      {error && <ErrorNotice error={error} onRetry={() => void query.refetch()} />}
      {document && <CatalogueForm initial={JSON.stringify(document, null, 2)} />}
    </Page>
  );
}

function CatalogueForm({ initial }: { readonly initial: string }) {
  const words = pricesWords.useWords();
  const navigate = route.useNavigate();
  const created = useRef<number>(undefined);
  const perform = async (values: FormData) => {
    const read = readDocument(words, String(values.get("document")));
    // The field does not let such a text be submitted.
    if ("problem" in read) throw new Error(read.problem);
    const note = String(values.get("note")).trim();
    const draft = await jifen.adminCatalogues.create.mutate({ ...read, ...(note !== "" && { note }) });
    created.current = draft.version;
  };
  const onDone = () => {
    announce(words.saved);
    const version = created.current;
    void navigate({ to: "/console/prices", search: { tab: "changes", ...(version !== undefined && { version }) } });
  };
  return (
    <ActForm
      act="catalogue"
      submit={words.save}
      unknownOutcome={words.unknownOutcome}
      onCancel={() => void navigate({ to: "/console/prices", search: {} })}
      // The text has a list of what is wrong in it, whose first line the sentence of the server repeats.
      explain={({ code }) => (code === "CATALOGUE_INVALID" ? words.notSaved : undefined)}
      {...{ perform, onDone }}
    >
      <TextField
        name="note"
        label={words.noteField}
        hint={words.noteHint}
        required={false}
        maxLength={MAX_NOTE}
        autoComplete="off"
      />
      <DocumentField initial={initial} />
    </ActForm>
  );
}
