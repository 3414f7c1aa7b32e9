import type { Metadata } from "next";
import { EmptyState } from "../../components/empty-state.tsx";
import { GenerateForm } from "../../components/generate-form.tsx";
import { PageFrame } from "../../components/page-frame.tsx";
import { generateWordsOf } from "../../lib/generate-words.ts";
import { jifenServer, requireUser } from "../../lib/jifen-server.ts";
import { readLanguage } from "../../lib/language.ts";
import { toPricedAction } from "../../lib/priced-action.ts";

export async function generateMetadata(): Promise<Metadata> {
  return { title: generateWordsOf(await readLanguage()).title };
}

/** Generating at the prices of the catalogue: quote, hold, capture. */
export default async function GeneratePage() {
  const user = await requireUser();
  const jifen = await jifenServer();
  const language = await readLanguage();
  const { actions } = await jifen.catalogue.find.query({ language });
  const say = generateWordsOf(language);
  const [first, ...others] = actions.map(toPricedAction);
  return (
    <PageFrame language={language} user={user} current="generate">
      <main className="flex flex-col gap-6">
        <header>
          <h2 className="text-2xl font-semibold">{say.title}</h2>
          <p className="mt-1 max-w-2xl text-muted text-pretty">{say.intro}</p>
        </header>
        {first === undefined ? (
          <EmptyState title={say.nothing} hint={say.nothingHint} />
        ) : (
          <GenerateForm language={language} actions={[first, ...others]} />
        )}
      </main>
    </PageFrame>
  );
}
