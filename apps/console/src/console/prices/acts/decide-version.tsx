import { jifen } from "../../../jifen.ts";
import { ActDialog } from "../../../ui/act-dialog.tsx";
import { TextField } from "../../../ui/field.tsx";
import { formatNumber } from "../../../ui/format.ts";
import { ReasonFields, reasonOf } from "../../users/acts/reason-fields.tsx";
import { pricesWords } from "../words.ts";

type DecideVersionProps = {
  readonly version: number;
  readonly decision: "publish" | "withdraw";
  readonly onClose: () => void;
};

/** Publishes a draft from a time on, or withdraws a version before it is in force. */
export function DecideVersion({ version, decision, onClose }: DecideVersionProps) {
  const words = pricesWords.useWords();
  const isPublish = decision === "publish";
  const shown = formatNumber(version);
  const perform = (values: FormData) => {
    const input = { version, ...reasonOf(values) };
    if (!isPublish) return jifen.adminCatalogues.withdraw.mutate(input);
    const from = String(values.get("effectiveFrom"));
    return jifen.adminCatalogues.publish.mutate({
      ...input,
      ...(from !== "" && { effectiveFrom: new Date(from).toISOString() }),
    });
  };
  return (
    <ActDialog
      act={`${decision}:${version}`}
      title={isPublish ? words.publishTitle(shown) : words.withdrawTitle(shown)}
      submit={words[decision]}
      done={isPublish ? words.published(shown) : words.withdrawn(shown)}
      isDanger={!isPublish}
      {...{ perform, onClose }}
    >
      <p>{isPublish ? words.publishText : words.withdrawText}</p>
      {isPublish && (
        <TextField
          name="effectiveFrom"
          label={words.publishAt}
          hint={words.publishAtHint}
          type="datetime-local"
          required={false}
        />
      )}
      <ReasonFields />
    </ActDialog>
  );
}
