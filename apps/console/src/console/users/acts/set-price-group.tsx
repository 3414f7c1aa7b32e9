import { jifen } from "../../../jifen.ts";
import { ActDialog } from "../../../ui/act-dialog.tsx";
import { TextField } from "../../../ui/field.tsx";
import { usersWords } from "../words.ts";
import type { ActProps } from "./act-props.ts";
import { ReasonFields, reasonOf } from "./reason-fields.tsx";

/** Sets which multipliers of the catalogue count for a user. */
export function SetPriceGroup({ user: { userId, priceGroup }, onClose }: ActProps) {
  const words = usersWords.useWords();
  return (
    <ActDialog
      act={`price-group:${userId}`}
      title={words.acts.priceGroup}
      submit={words.acts.priceGroup}
      done={words.done.priceGroup(userId)}
      perform={(values) =>
        jifen.users.setPriceGroup.mutate({ userId, priceGroup: String(values.get("priceGroup")), ...reasonOf(values) })
      }
      onClose={onClose}
    >
      <p>{words.explain.priceGroup(userId)}</p>
      <TextField name="priceGroup" label={words.group} defaultValue={priceGroup} required autoComplete="off" />
      <ReasonFields />
    </ActDialog>
  );
}
