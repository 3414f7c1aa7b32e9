import { Link, type LinkProps } from "@tanstack/react-router";
import type { ComponentProps, MouseEvent, ReactNode } from "react";

const looks = {
  primary: "bg-brand text-on-brand border-transparent hover:bg-brand-strong",
  plain: "bg-card text-ink border-line-strong/60 hover:bg-sunken",
  danger: "bg-card text-bad border-bad/50 hover:bg-bad-soft",
  quiet: "bg-transparent text-muted border-transparent hover:bg-sunken hover:text-ink",
} as const;

const shape =
  "inline-flex min-h-8 items-center justify-center gap-1.5 rounded-md border px-3 py-1 font-medium no-underline " +
  "disabled:cursor-not-allowed disabled:opacity-55 aria-busy:cursor-not-allowed aria-busy:opacity-55 pointer-coarse:min-h-11";

/** How a button looks: one primary button on a page or in a dialog at most. */
export type ButtonLook = keyof typeof looks;

type ButtonProps = ComponentProps<"button"> & { readonly look?: ButtonLook; readonly isBusy?: boolean };

/** A button. While it is busy a press does nothing, and it keeps the focus, which a disabled button loses. */
export const Button = ({ look = "plain", isBusy = false, className = "", ...props }: ButtonProps) => (
  <button
    type="button"
    {...props}
    aria-busy={isBusy || undefined}
    aria-disabled={isBusy || undefined}
    onClick={isBusy ? ignore : props.onClick}
    className={`${shape} ${looks[look]} ${className}`}
  />
);

/** Submits no form either, pressed by Enter in a field. */
const ignore = (event: MouseEvent) => event.preventDefault();

/** A link that looks like a button. */
export const ButtonLink = ({
  look = "plain",
  children,
  ...link
}: LinkProps & { readonly look?: ButtonLook; readonly children: ReactNode }) => (
  <Link {...link} className={`${shape} ${looks[look]}`}>
    {children}
  </Link>
);
