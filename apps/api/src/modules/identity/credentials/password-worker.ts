import { constants, setPriority } from "node:os";
import { compareSync, hashSync } from "bcryptjs";

/** A task of a worker thread. */
export type PasswordTask =
  | { readonly kind: "compare"; readonly password: string; readonly hash: string }
  | { readonly kind: "hash"; readonly password: string; readonly cost: number };

// Logins can wait; requests that spend credits cannot. The lowest priority would starve logins beside other programs. On
// Linux the priority applies to the calling thread only; on other systems it would apply to the whole process.
if (process.platform === "linux") setPriority(constants.priority.PRIORITY_BELOW_NORMAL);

// Piscina calls the default export of the module.
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
