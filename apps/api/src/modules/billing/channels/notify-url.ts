/** Where a provider sends its notices. @param publicUrl the address of this server, without a trailing slash */
export const notifyUrlOf = (publicUrl: string, channel: string): string => `${publicUrl}/payments/${channel}/notify`;
