import { Link } from "@tanstack/react-router";

/** Who did something: a link to the user, or the actor as the server names it (`key:…`, `system`, `operator`). */
export const Actor = ({ actor }: { readonly actor: string }) =>
  actor.startsWith("user:") ? (
    <Link to="/console/users/$userId" params={{ userId: actor.slice("user:".length) }}>
      {actor.slice("user:".length)}
    </Link>
  ) : (
    <span className="font-mono text-[0.92em]">{actor}</span>
  );
