/** How many bytes the body of a request may have, by where it goes. The one place where that is said. */
export const bodyLimits = {
  /** A picture, which is what `imageLimits` of the runtime say. */
  picture: 20_000_000,
  /** A file of conversations. */
  conversation: 100_000_000,
  /** The HTTP API: a picture of 20 MB is 27 MB as a data URL. */
  api: 30_000_000,
  /** Procedures, and whatever else there is: twenty cells of a grid with the longest prompts, in Chinese, are less. */
  other: 2_000_000,
};

/** @param {string} path without the base @returns {number} bytes */
export function bodyLimitOf(path) {
  if (/^\/api\/(reviews\/)?uploads\/?$/.test(path)) return bodyLimits.picture;
  if (/^\/api\/conversations\/?$/.test(path)) return bodyLimits.conversation;
  return isHttpApi(path) ? bodyLimits.api : bodyLimits.other;
}

/** Whether a path is of the HTTP API, which tells errors as OpenAI's does. @param {string} path without the base */
export const isHttpApi = (path) => /^\/api\/v1(\/|$)/.test(path);

/** The header by which the web server knows which body is done with; what a client sends under this name is replaced. */
export const bodyHeader = 'x-studio-body';
