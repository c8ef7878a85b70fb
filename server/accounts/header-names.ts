/** Names that the pages and the server have in common; apart from the rest, which is no browser's. */

/** Says that a request comes from the page that other sites frame. What has it is nobody's account, so anybody may send it. */
export const embedHeader = 'x-studio-embed';
/** Carries a token (visitor-token.ts) where cookies do not come back, both ways; `cookie` once they do. */
export const visitorHeader = 'x-studio-visitor';
/** Carries the token for event streams, to the page. */
export const streamHeader = 'x-studio-stream';
