import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { jifen, toJifenError } from "../../jifen.ts";
import { useSession } from "../../session.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { ErrorNotice, Notice } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import type { Catalogue } from "./catalogue.ts";
import { ChangesTab } from "./changes-tab.tsx";
import { ActionsTab, MultipliersTab, PacksTab } from "./tabs.tsx";
import { type CatalogueFile, priceTabs } from "./types.ts";
import { VersionActs } from "./version-acts.tsx";
import { VersionHead } from "./version-head.tsx";
import { VersionsTab } from "./versions-tab.tsx";
import { pricesWords } from "./words.ts";

const route = getRouteApi("/console/prices");
const NEWEST = 20;

/** What is sold and what it costs: the version in force, or another one. */
export function PricesPage() {
  const words = pricesWords.useWords();
  const isAdmin = useSession().session.role === "admin";
  const asked = route.useSearch().version;
  const newest = useQuery({
    queryKey: ["adminCatalogues.list"],
    queryFn: () => jifen.adminCatalogues.list.query({ limit: NEWEST }),
  });
  const items = newest.data?.items;
  const version = asked ?? items?.find(({ inForce }) => inForce)?.version ?? items?.[0]?.version;
  const query = useQuery({
    queryKey: ["adminCatalogues.find", version],
    queryFn: () => jifen.adminCatalogues.find.query({ version: version ?? 0 }),
    enabled: version !== undefined,
  });
  const error = toJifenError(query.error ?? newest.error);
  const file = query.data;
  return (
    <Page title={words.title} actions={file && <VersionActs file={file} />}>
      {error &&
        (error.code === "CATALOGUE_NOT_FOUND" ? (
          <Notice kind="warn">{words.notFound}</Notice>
        ) : (
          <ErrorNotice error={error} onRetry={() => void query.refetch()} />
        ))}
      {items?.length === 0 && (
        <div className="grid justify-items-start gap-3">
          <p>{words.none}</p>
          {isAdmin && (
            <ButtonLink to="/console/prices/new" look="primary">
              {words.create}
            </ButtonLink>
          )}
        </div>
      )}
      {file && <VersionParts file={file} />}
    </Page>
  );
}

function VersionParts({ file }: { readonly file: CatalogueFile }) {
  const words = pricesWords.useWords();
  const tabs = priceTabs.filter((each) => each !== "changes" || !file.inForce);
  const asked = route.useSearch().tab;
  const tab = tabs.find((each) => each === asked) ?? "actions";
  const catalogue = file.document as Catalogue;
  return (
    <>
      <VersionHead file={file} />
      <Tabs label={words.parts} current={tab} tabs={tabs.map((each) => ({ tab: each, title: words.tabs[each] }))} />
      {tab === "actions" && <ActionsTab catalogue={catalogue} />}
      {tab === "packs" && <PacksTab catalogue={catalogue} />}
      {tab === "multipliers" && <MultipliersTab catalogue={catalogue} />}
      {tab === "changes" && <ChangesTab version={file.version} catalogue={catalogue} />}
      {tab === "versions" && <VersionsTab />}
    </>
  );
}
