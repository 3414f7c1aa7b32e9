import { Link } from "@tanstack/react-router";

/** A user as a link to the user's page. */
export const UserLink = ({ userId }: { readonly userId: string }) => (
  <Link to="/console/users/$userId" params={{ userId }}>
    {userId}
  </Link>
);
