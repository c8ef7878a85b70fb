/** Samples of one page of the browser: the most that one question may ask for. */
export const samplePage = 200;
