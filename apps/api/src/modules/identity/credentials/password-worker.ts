import { constants, setPriority } from "node:os";
import { compareSync, hashSync } from "bcryptjs";

/** What the main thread asks of a worker. */
export type PasswordTask =
  | { readonly kind: "compare"; readonly password: string; readonly hash: string }
  | { readonly kind: "hash"; readonly password: string; readonly cost: number };

// Passwords can wait, whoever spends credits cannot. On Linux this is about the calling thread alone; elsewhere it would
// be about the whole process.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_LOW);

// piscina calls a module's default export.
export default function work(task: PasswordTask): boolean | string {
  switch (task.kind) {
    case "compare":
      return compareSync(task.password, task.hash);
    case "hash":
      return hashSync(task.password, task.cost);
    default:
      return task satisfies never;
  }
}
