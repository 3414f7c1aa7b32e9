"use client";

/** Shown when rendering a page fails, usually because the API is unavailable. The language may be unknown, so both are shown. */
export default function ErrorPage({ retry }: { retry: () => void }) {
  return (
    <main className="mx-auto flex min-h-dvh max-w-sm flex-col items-center justify-center gap-4 px-4 text-center">
      <h1 className="text-xl font-semibold">服务暂时不可用</h1>
      <p className="text-muted">
        请稍后重试。
        <br />
        <span lang="en">The service is temporarily unavailable. Please try again.</span>
      </p>
      <button
        type="button"
        onClick={retry}
        className="rounded-lg bg-seal px-5 py-2.5 font-medium text-on-seal hover:bg-seal-strong"
      >
        重试 · Retry
      </button>
    </main>
  );
}
