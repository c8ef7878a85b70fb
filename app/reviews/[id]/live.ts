/** How often what follows from reviews is asked for again while it is looked at, in milliseconds. */
export const liveMs = 5000;
