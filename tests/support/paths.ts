import path from 'node:path';

export const root = path.join(import.meta.dirname, '../..');
/** A model directory of random weights, small and complete. */
export const tinyModel = path.join(root, 'models/runtime/testing/tiny-model');
export const stubChild = path.join(import.meta.dirname, 'stub-child.ts');
