import Link from "next/link";

type OlderLinkProps = { readonly path: string; readonly cursor: string | null; readonly children: string };

/** A link to the next page of a list; nothing on the last one. */
export function OlderLink({ path, cursor, children }: OlderLinkProps) {
  if (cursor === null) return null;
  return (
    <Link
      href={`${path}?cursor=${encodeURIComponent(cursor)}`}
      className="self-center rounded-lg border border-line bg-card px-4 py-2.5 text-sm hover:border-muted"
    >
      {children}
    </Link>
  );
}
