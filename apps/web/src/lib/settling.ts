import "server-only";
import { jifenServer } from "./jifen-server.ts";
import { type ParamValues, toPricedAction } from "./priced-action.ts";

/** What is ordered of an action. */
type Ordered = { readonly action: string; readonly params: ParamValues };

/** The ordered parameters whose real use decides the charge, by the catalogue. One that is not sent has its initial value. */
export async function readSettling({ action, params }: Ordered): Promise<ParamValues> {
  const { actions } = await (await jifenServer()).catalogue.find.query({});
  const priced = actions.map(toPricedAction).find((each) => each.action === action);
  const settling = priced?.params.filter(({ settles }) => settles) ?? [];
  return Object.fromEntries(settling.map(({ name, initial }) => [name, params[name] ?? initial]));
}
