import { encode } from "uqr";

type QrCodeProps = { readonly text: string; readonly label: string };

/** Light modules around the code, which scanners need. */
const MARGIN = 4;

/** A QR code, dark on white in dark mode too: many scanners read nothing else. */
export function QrCode({ text, label }: QrCodeProps) {
  const { data, size } = encode(text, { border: MARGIN });
  const dark = data.flatMap((row, y) => row.flatMap((isDark, x) => (isDark ? [`M${x} ${y}h1v1h-1z`] : [])));
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${size} ${size}`}
      shapeRendering="crispEdges"
      className="size-64 max-w-full rounded-md border border-line bg-white forced-color-adjust-none"
    >
      <path d={dark.join("")} fill="#000" />
    </svg>
  );
}
