import { main as evalMain } from '../../eval/cli';
import { addAccountCommands } from './accounts';
import { addRunCommands } from './runs';

/** The command line `studio`: eval's commands, and those that work on the database. */
export const main = (args: readonly string[]): Promise<number> =>
  evalMain(args, (program, finish) => {
    addRunCommands(program, finish);
    addAccountCommands(program, finish);
  });
