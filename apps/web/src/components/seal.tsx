/** The logo of the site. */
export function Seal({ large = false }: { large?: boolean }) {
  const size = large ? "size-16 rounded-2xl text-4xl" : "size-9 rounded-lg text-xl";
  return (
    <span aria-hidden className={`grid shrink-0 place-items-center bg-seal font-seal font-bold text-on-seal ${size}`}>
      积
    </span>
  );
}
