import { dayParam, optional, textParam } from "../../search-params.ts";

/** Reads the filters of the audit log from the address or from a form. */
export const auditSearch = (params: Readonly<Record<string, unknown>>) =>
  optional({
    actor: textParam(params, "actor"),
    action: textParam(params, "action"),
    subject: textParam(params, "subject"),
    from: dayParam(params, "from"),
    to: dayParam(params, "to"),
  });
