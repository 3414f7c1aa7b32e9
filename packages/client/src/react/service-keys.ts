import type { JifenError } from "../error.ts";
import type { JifenInputs, JifenOutputs } from "../router.ts";
import { useAct } from "./act.ts";
import { type Pages, usePages } from "./loaded.ts";
import { useJifenState } from "./provider.tsx";

/** A service key without its secret. */
export type ServiceKey = JifenOutputs["keys"]["list"]["items"][number];

/** A key to create. */
export type NewKey = Omit<JifenInputs["keys"]["create"], "userId">;

/** The service keys of the user. */
export type ServiceKeys = Pages<ServiceKey> & {
  /** Resolves with the secret, which is never returned again; with undefined after a refusal. */
  create(wanted: NewKey): Promise<{ readonly key: string } | undefined>;
  /** Resolves with a new secret. The old one stays valid for a day. */
  rotate(keyId: string): Promise<{ readonly key: string } | undefined>;
  revoke(keyId: string): Promise<void>;
  readonly isPending: boolean;
  /** Why the last act was refused. */
  readonly refusal: JifenError | undefined;
};

/** The keys of the user. The site's handler has to allow `keys.list`, `keys.create`, `keys.rotate` and `keys.revoke`. */
export function useServiceKeys(): ServiceKeys {
  const { jifen } = useJifenState();
  const pages = usePages({
    path: "keys.list",
    read: (_, cursor, signal) => jifen.keys.list.query(cursor, { signal }),
  });
  const act = useAct((call: () => Promise<{ readonly key: string } | undefined>) => call());
  return {
    ...pages,
    create: (wanted) => act.run(() => jifen.keys.create.mutate(wanted)),
    rotate: (keyId) => act.run(() => jifen.keys.rotate.mutate({ keyId })),
    revoke: async (keyId) => {
      await act.run(async () => void (await jifen.keys.revoke.mutate({ keyId })));
    },
    isPending: act.isPending,
    refusal: act.error,
  };
}
