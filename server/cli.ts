import { main as evalMain } from '../eval/cli';
import { addRunCommands } from './evaluation/cli';

/** The command line `studio`: eval's commands, and those that work on the database. */
export const main = (args: readonly string[]): Promise<number> => evalMain(args, addRunCommands);
