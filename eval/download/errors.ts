/** Why something cannot be downloaded, in one line that says what to do. */
export class DownloadError extends Error {}
