/** The days of a range as the times between them, for an operation: `to` is the end of its day. */
export function toTimes({ from, to }: { readonly from?: string | undefined; readonly to?: string | undefined }) {
  const end = to === undefined ? undefined : new Date(`${to}T00:00`);
  end?.setDate(end.getDate() + 1);
  return {
    ...(from !== undefined && { from: new Date(`${from}T00:00`).toISOString() }),
    ...(end && { to: end.toISOString() }),
  };
}
