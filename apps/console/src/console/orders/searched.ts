/** Whether a text is an order id. */
export const isOrderId = (text: string): boolean => /^[0-9a-f]{32}$/i.test(text);

/** Whether a text can be the whole e-mail address of a user: the server finds no other. */
export const isWholeUser = (text: string): boolean => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text);
