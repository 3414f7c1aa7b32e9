import type { JifenError, JifenInputs } from "@jifen/client";
import { useState } from "react";
import { jifen, toJifenError } from "./jifen.ts";
import { timeZone } from "./time-zone.ts";

type Wanted = JifenInputs["exports"]["create"];

type Download = {
  readonly isBusy: boolean;
  readonly error: JifenError | null;
  /** Asks for an address that works once. The browser streams the file to disk. Returns whether it has begun. */
  readonly download: (wanted: Wanted) => Promise<boolean>;
};

/** Downloads a file that the server writes, with times in the browser's zone. */
export function useDownload(): Download {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<JifenError | null>(null);
  const download = async ({ filter, ...wanted }: Wanted) => {
    setBusy(true);
    setError(null);
    try {
      const { url } = await jifen.exports.create.mutate({ ...wanted, filter: { ...filter, tz: timeZone } });
      window.location.assign(url);
      return true;
    } catch (cause) {
      setError(toJifenError(cause));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { isBusy, error, download };
}
