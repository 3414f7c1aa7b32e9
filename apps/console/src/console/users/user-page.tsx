import { useQuery } from "@tanstack/react-query";
import { getRouteApi } from "@tanstack/react-router";
import { jifen, toJifenError } from "../../jifen.ts";
import { useSession } from "../../session.ts";
import { ErrorNotice, Notice } from "../../ui/notice.tsx";
import { Page } from "../../ui/page.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { ActMenu } from "./acts/act-menu.tsx";
import { UserAudit } from "./tabs/user-audit.tsx";
import { UserGrants } from "./tabs/user-grants.tsx";
import { UserHolds } from "./tabs/user-holds.tsx";
import { UserKeys } from "./tabs/user-keys.tsx";
import { UserLedger } from "./tabs/user-ledger.tsx";
import { UserLogs } from "./tabs/user-logs.tsx";
import { UserOrders } from "./tabs/user-orders.tsx";
import { UserHead } from "./user-head.tsx";
import { tabsOf } from "./user-tabs.ts";
import { usersWords } from "./words.ts";

const route = getRouteApi("/console/users/$userId");

const contents = {
  ledger: UserLedger,
  grants: UserGrants,
  holds: UserHolds,
  orders: UserOrders,
  logs: UserLogs,
  keys: UserKeys,
  audit: UserAudit,
} as const;

/** One user: what the account has, what happened to it, and what staff can do. */
export function UserPage() {
  const words = usersWords.useWords();
  const { userId } = route.useParams();
  const tabs = tabsOf(useSession().session.role);
  const { tab: asked, id: markedId } = route.useSearch();
  const tab = tabs.find((each) => each === asked) ?? "ledger";
  const user = useQuery({ queryKey: ["users.find", userId], queryFn: () => jifen.users.find.query({ userId }) });
  const account = useQuery({
    queryKey: ["accounts.find", userId],
    queryFn: () => jifen.accounts.find.query({ userId }),
  });
  const error = toJifenError(account.error ?? user.error);
  const Content = contents[tab];
  return (
    <Page title={userId} actions={user.data && account.data && <ActMenu user={user.data} account={account.data} />}>
      {error &&
        (error.code === "USER_NOT_FOUND" ? (
          <Notice kind="warn">{words.deleted}</Notice>
        ) : (
          <ErrorNotice error={error} />
        ))}
      {account.data && <UserHead user={user.data} account={account.data} />}
      <Tabs label={words.parts} current={tab} tabs={tabs.map((each) => ({ tab: each, title: words.tabs[each] }))} />
      <Content userId={userId} markedId={markedId} />
    </Page>
  );
}
