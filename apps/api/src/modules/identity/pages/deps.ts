import type { AdmissionDeps } from "../../../http/admission.ts";
import type { Deps as HttpDeps } from "../../../http/deps.ts";
import type { Responses } from "../../../http/responses.ts";
import type { RequestDeps } from "../../../rest/request-context.ts";
import type { Procedures } from "../../../trpc/procedure.ts";
import type { Deps as IdentityDeps } from "../deps.ts";

/** What the sign-in pages need. */
export type PageDeps = {
  readonly http: RequestDeps & AdmissionDeps & Pick<HttpDeps, "log" | "publicUrl">;
  readonly identity: Pick<
    IdentityDeps,
    "database" | "adminEmails" | "browserSessions" | "userCache" | "mailer" | "registrationMailer" | "brand"
  > &
    Pick<IdentityDeps, "nowMs" | "newId">;
  readonly auth: Procedures["auth"];
  readonly responses: Responses;
  /** Characters of a new password. */
  readonly minPasswordLength: number;
};
