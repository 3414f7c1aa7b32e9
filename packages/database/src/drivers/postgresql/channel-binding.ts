import type pg from "pg";

type Message = { readonly mechanisms?: readonly string[] };
type WithConnection = { readonly connection: { on(event: string, listener: (message: Message) => void): void } };

/**
 * Refuses a server that asks for the password without binding it to the TLS connection, as a machine in between would have
 * to (`channel_binding=require` of libpq). The driver binds it where the server offers that, and does not insist.
 * @param abort closes the connection before the password is sent
 */
export function checkChannelBinding(client: pg.Client, abort: (reason: Error) => void): void {
  const { connection } = client as unknown as WithConnection;
  const refuse = () => abort(new Error("the server offers no channel binding, which channel_binding=require asks for"));
  let isBound = false;
  connection.on("authenticationSASL", ({ mechanisms = [] }) => {
    isBound = mechanisms.includes("SCRAM-SHA-256-PLUS");
    if (!isBound) refuse();
  });
  connection.on("authenticationCleartextPassword", refuse);
  connection.on("authenticationMD5Password", refuse);
  connection.on("authenticationOk", () => {
    if (!isBound) refuse();
  });
}
