/** How many processes add to the sums of all users without waiting for each other. */
export const PARTS = 32;
