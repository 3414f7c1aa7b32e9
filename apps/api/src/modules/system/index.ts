import type { Procedures } from "../../trpc/procedure.ts";
import { listAudits } from "./audits.ts";
import type { Deps } from "./deps.ts";
import { doctor } from "./doctor.ts";
import { settings } from "./settings.ts";
import { startAudit } from "./start-audit.ts";
import { status } from "./status.ts";
import { testMail } from "./test-mail.ts";

/** Procedures of the system module. */
export const systemProcedures = (deps: Deps): Pick<Procedures, "system"> => ({
  system: {
    audits: listAudits(deps),
    doctor: doctor(deps),
    settings: settings(deps),
    startAudit: startAudit(deps),
    status: status(deps),
    testMail: testMail(deps),
  },
});
