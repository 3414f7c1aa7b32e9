/**
 * Loaded into a process before anything else (`node --import`): its clock is CLOCK_OFFSET_MS ahead of the real one. Pictures
 * that are taken in another year show the same days.
 */
const offsetMs = Number(process.env["CLOCK_OFFSET_MS"] ?? 0);
const RealDate = Date;

globalThis.Date = new Proxy(RealDate, {
  construct: (target, values, newTarget) =>
    Reflect.construct(target, values.length === 0 ? [RealDate.now() + offsetMs] : values, newTarget),
  get: (target, name) => (name === "now" ? () => target.now() + offsetMs : Reflect.get(target, name)),
});
