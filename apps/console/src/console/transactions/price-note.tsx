import type { JifenOutputs } from "@jifen/client";
import { Link } from "@tanstack/react-router";
import { explainWords } from "../../explanation/words.ts";
import { useSession } from "../../session.ts";
import { formatNumber } from "../../ui/format.ts";

type Price = JifenOutputs["accounts"]["explain"]["price"];

const pricedKinds: readonly string[] = ["consume", "hold", "extend", "capture"];

/** Whether transactions of a kind have a price. */
export const hasPrice = (kind: string): boolean => pricedKinds.includes(kind);

/** By which version of the catalogue and for which group of users the amount was priced. */
export function PriceNote({ price }: { readonly price: Price }) {
  const words = explainWords.useWords();
  const { role } = useSession().session;
  if (price === null) return <p className="text-muted">{words.byCaller}</p>;
  const { version, priceGroup } = price;
  const text = words.priced(formatNumber(version));
  return (
    <p>
      {role === "support" ? (
        text
      ) : (
        <Link to="/console/prices" search={{ version }}>
          {text}
        </Link>
      )}{" "}
      · {words.group}: {priceGroup}
    </p>
  );
}
