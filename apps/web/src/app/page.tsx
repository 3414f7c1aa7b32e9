import { SpendPanel } from "../components/spend-panel.tsx";
import { TopBar } from "../components/top-bar.tsx";
import { jifenServer, requireUser } from "../lib/jifen-server.ts";
import { readLanguage } from "../lib/language.ts";

/** The home page: balance and offers. */
export default async function HomePage() {
  const user = await requireUser();
  const jifen = await jifenServer();
  const [language, { balance, held }] = await Promise.all([readLanguage(), jifen.credits.balance.query()]);
  return (
    <div className="mx-auto flex max-w-4xl flex-col gap-6 px-4 pb-12 sm:px-6">
      <TopBar language={language} name={user.name} />
      <SpendPanel language={language} userId={user.userId} initialBalance={balance} held={held} />
    </div>
  );
}
