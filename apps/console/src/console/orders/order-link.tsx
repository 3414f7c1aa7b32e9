import { Link } from "@tanstack/react-router";
import { CopyId } from "../../ui/copy-id.tsx";

/** The id of an order, which leads to its page. */
export const OrderLink = ({ orderId }: { readonly orderId: string }) => (
  <CopyId id={orderId}>
    <Link to="/console/orders/$orderId" params={{ orderId }}>
      {orderId}
    </Link>
  </CopyId>
);
