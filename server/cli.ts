import { main as evalMain } from '../eval/cli';
import { addAccountCommands } from './accounts/cli';
import { addRunCommands } from './evaluation/cli';

/** The command line `studio`: eval's commands, and those that work on the database. */
export const main = (args: readonly string[]): Promise<number> =>
  evalMain(args, (program, finish) => {
    addRunCommands(program, finish);
    addAccountCommands(program, finish);
  });
