/** `npm test`: installs what is missing, then the same check that a person runs. */
import { checkNode, installPackages, root } from '../server/start/install.mjs';

checkNode();
process.chdir(root);
installPackages();
await import('./check.mjs');
