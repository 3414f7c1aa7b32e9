import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { jifen, toJifenError } from "../../jifen.ts";
import { language } from "../../language.ts";
import { ButtonLink } from "../../ui/button.tsx";
import { Page } from "../../ui/page.tsx";
import { Problem } from "../problem.tsx";
import { OrderForm } from "./order-form.tsx";
import { topUpWords } from "./words.ts";

/** The packs on sale, and how to pay for them. */
export function TopUpPage() {
  const words = topUpWords.useWords();
  const catalogue = useQuery({
    queryKey: ["catalogue.find"],
    queryFn: () => jifen.catalogue.find.query({ language }),
  });
  const error = toJifenError(catalogue.error);
  const [first, ...others] = catalogue.data?.packs ?? [];
  return (
    <Page title={words.title} actions={<ButtonLink to="/account/orders">{words.orders}</ButtonLink>}>
      {error && <Problem error={error} onRetry={() => void catalogue.refetch()} />}
      {catalogue.data &&
        (first ? <OrderForm packs={[first, ...others]} /> : <p className="text-muted">{words.nothing}</p>)}
      <p>
        <Link to="/account/redeem">{words.haveCode}</Link>
      </p>
    </Page>
  );
}
