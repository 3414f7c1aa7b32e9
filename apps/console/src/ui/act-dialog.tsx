import type { ComponentProps } from "react";
import { announce } from "../announcements.ts";
import { ActForm } from "./act-form.tsx";
import { Dialog } from "./dialog.tsx";

type ActDialogProps = Omit<ComponentProps<typeof ActForm>, "onDone" | "onCancel"> & {
  readonly title: string;
  /** What is announced when the act has succeeded. */
  readonly done: string;
  readonly onClose: () => void;
};

/** A dialog with the form of one act. It closes when the act has succeeded. */
export function ActDialog({ title, done, onClose, ...form }: ActDialogProps) {
  const onDone = () => {
    announce(done);
    onClose();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <ActForm {...form} onDone={onDone} onCancel={onClose} />
    </Dialog>
  );
}
