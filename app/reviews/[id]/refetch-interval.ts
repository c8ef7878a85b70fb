/** How often what follows from reviews is asked for again while it is looked at, in milliseconds. */
export const refetchMs = 5000;
