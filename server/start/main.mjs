/** `npm start`: installs, builds, starts the database, migrates, and runs web and worker until Ctrl-C. */
import { checkNode, fail, installPackages, loadSettings, root } from './install.mjs';

checkNode();
loadSettings();
process.chdir(root);
installPackages();
const { register } = await import('tsx/esm/api');
register();
try {
  const { start } = await import('./supervisor.ts');
  await start({ dev: process.argv.includes('--dev') });
} catch (error) {
  fail(error instanceof Error ? (error.name === 'StudioError' ? error.message : error.stack) : String(error));
}
