/** The table of parameters for the pages, which speak to the server only. Browser-safe: no schemas. */
export * from '../../models/runtime/parameters';
