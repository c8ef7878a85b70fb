/** Of a list that is read by the page: every page names the cursor of the next one, or null. */
export const nextPage = { getNextPageParam: <Cursor>(page: { nextCursor: Cursor }) => page.nextCursor };
