import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import ts from 'typescript';

interface Swc {
  loadBindings: () => Promise<unknown>;
  minify: (code: string, options: object) => Promise<{ code: string }>;
}
// Not part of what Next.js offers, but the very minifier of its builds.
const swc = createRequire(import.meta.url)('next/dist/build/swc/index.js') as Swc;

/** A module in TypeScript or JavaScript as a build of the product has it. It may import nothing. */
export async function minified(code: string): Promise<string> {
  await swc.loadBindings();
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext };
  const { outputText } = ts.transpileModule(code, { compilerOptions });
  return (await swc.minify(outputText, { compress: true, mangle: true, module: true })).code;
}

/** Loads a module from its code. */
export const moduleOf = (code: string) =>
  import(`data:text/javascript;base64,${Buffer.from(code).toString('base64')}`) as Promise<unknown>;

/** Loads a file of ours as a build of the product has it. It may import nothing but types. */
export const minifiedFile = async (file: URL) => moduleOf(await minified(await readFile(file, 'utf8')));
