/** What a folder of data was fetched as (eval/download/lock.ts). */
export const lockName = 'dataset.lock.json';
