type ShareProps = { readonly part: number; readonly whole: number; readonly label: string };

/** How much of a whole, as a bar under a number. */
export const Share = ({ part, whole, label }: ShareProps) => (
  <progress
    value={part}
    max={whole}
    aria-label={label}
    title={label}
    className="ml-auto block h-1 w-20 appearance-none overflow-hidden rounded bg-sunken [&::-moz-progress-bar]:bg-seal [&::-webkit-progress-bar]:bg-sunken [&::-webkit-progress-value]:bg-seal forced-colors:[&::-moz-progress-bar]:bg-[CanvasText] forced-colors:[&::-webkit-progress-value]:bg-[CanvasText]"
  />
);
