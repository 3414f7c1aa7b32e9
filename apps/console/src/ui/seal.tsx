import { useSession } from "../session.ts";

/** The mark and the name of the operator. */
export function Seal() {
  const { brand } = useSession().state;
  return (
    <span className="flex min-w-0 items-center gap-2.5 font-semibold">
      {brand.logoUrl === null ? (
        <span aria-hidden className="grid size-7 shrink-0 place-items-center rounded bg-brand font-serif text-on-brand">
          积
        </span>
      ) : (
        <img src={brand.logoUrl} alt="" className="size-7 shrink-0 rounded object-contain" />
      )}
      <span className="truncate">{brand.name}</span>
    </span>
  );
}
