const MARK = "jifen-reloaded-at";
const MIN_PAUSE_MS = 60_000;

/**
 * An old tab asks for chunks that a new version no longer has. One reload brings the new version; a chunk that is missing
 * right after that is shown as an error.
 */
export function reloadOnceAfterUpgrade(): void {
  addEventListener("vite:preloadError", (event) => {
    const reloadedAtMs = Number(sessionStorage.getItem(MARK) ?? 0);
    if (Date.now() - reloadedAtMs < MIN_PAUSE_MS) return;
    sessionStorage.setItem(MARK, String(Date.now()));
    event.preventDefault();
    location.reload();
  });
}
