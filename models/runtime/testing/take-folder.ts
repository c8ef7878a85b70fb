/** Takes a folder and lets go of it so many times; fails where somebody else is in it at the same time. */
import { rm, writeFile } from 'node:fs/promises';
import { FolderTakenError, takeFolder } from '../take-folder';

const [folder = '', rounds = '0'] = process.argv.slice(2);
let refused = 0;
for (let round = 0; round < Number(rounds);) {
  try {
    const letGo = await takeFolder(folder);
    await writeFile(`${folder}.inside`, '', { flag: 'wx' });
    await new Promise(setImmediate);
    await rm(`${folder}.inside`);
    await letGo();
    round++;
  } catch (error) {
    if (!(error instanceof FolderTakenError)) throw error;
    refused++;
  }
}
console.log(refused);
