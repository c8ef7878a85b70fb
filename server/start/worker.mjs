/** `npm run worker`: a further worker, on this or another machine that reaches the same database and blobs. */
import { checkNode, fail, installPackages, loadSettings, root } from './install.mjs';

checkNode();
loadSettings();
process.chdir(root);
installPackages();
const { register } = await import('tsx/esm/api');
register();
try {
  const { generateClient } = await import('./build.ts');
  await generateClient(root);
  await import('./worker-main.ts');
} catch (error) {
  fail(error instanceof Error ? error.message : String(error));
}
