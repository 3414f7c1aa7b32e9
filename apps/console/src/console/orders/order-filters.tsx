import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { jifen } from "../../jifen.ts";
import { DateRange } from "../../ui/date-range.tsx";
import { SelectField } from "../../ui/field.tsx";
import { Filters } from "../../ui/filters.tsx";
import { SearchField } from "../../ui/search-field.tsx";
import { channelName } from "./named.ts";
import { type OrderSearch, orderSearch } from "./order-search.ts";
import { isOrderId } from "./searched.ts";
import { orderStates } from "./types.ts";
import { ordersWords } from "./words.ts";

type OrderFiltersProps = { readonly search: OrderSearch };

/** The filters of the list of orders. An order id leads to the order. */
export function OrderFilters({ search }: OrderFiltersProps) {
  const { user, state, channel, from, to } = search;
  const words = ordersWords.useWords();
  const navigate = useNavigate();
  const channels = useQuery({ queryKey: ["adminChannels.list"], queryFn: () => jifen.adminChannels.list.query({}) });
  const known = new Set(channels.data?.items.map((each) => each.channel));
  if (channel !== undefined) known.add(channel);
  const apply = (values: FormData) => {
    const found = String(values.get("user")).trim();
    if (isOrderId(found)) {
      void navigate({ to: "/console/orders/$orderId", params: { orderId: found.toLowerCase() } });
      return;
    }
    void navigate({ to: "/console/orders", search: orderSearch(Object.fromEntries(values)), replace: true });
  };
  return (
    <Filters label={words.filters} onChange={apply} isSet={Object.keys(search).length > 0}>
      <SearchField name="user" label={words.find} defaultValue={user} />
      <SelectField name="state" label={words.state} defaultValue={state ?? ""}>
        <option value="">{words.everyState}</option>
        {orderStates.map((each) => (
          <option key={each} value={each}>
            {words.states[each]}
          </option>
        ))}
      </SelectField>
      <SelectField key={known.size} name="channel" label={words.channel} defaultValue={channel ?? ""}>
        <option value="">{words.everyChannel}</option>
        {[...known].map((each) => (
          <option key={each} value={each}>
            {channelName(words, each)}
          </option>
        ))}
      </SelectField>
      <DateRange labels={words} from={from} to={to} />
    </Filters>
  );
}
