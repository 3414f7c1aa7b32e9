import { useEffect, useState, useSyncExternalStore } from "react";
import { announcements } from "../announcements.ts";

const SHOWN_MS = 6_000;

/** Shows the last announcement for a few seconds. */
export function Announcer() {
  const announcement = useSyncExternalStore(announcements.subscribe, announcements.current);
  const [hiddenId, setHiddenId] = useState(0);
  const id = announcement?.id ?? 0;
  useEffect(() => {
    const timer = setTimeout(() => setHiddenId(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id]);
  return (
    <div
      role="status"
      className="pointer-events-none fixed inset-x-0 bottom-20 z-10 flex justify-center px-4 md:bottom-6"
    >
      {announcement && id !== hiddenId && (
        <p className="rounded-md bg-ink px-4 py-2 font-medium text-paper">{announcement.text}</p>
      )}
    </div>
  );
}
