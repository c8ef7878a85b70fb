import { Command, CommanderError } from 'commander';
import { askCommand } from './cli/ask';
import { dataCommand } from './cli/data';
import { deviceCommand } from './cli/device';
import { editCommand } from './cli/edit';
import { evalCommand } from './cli/eval';
import { evaluatorCommand } from './cli/evaluator';
import { generateCommand } from './cli/generate';
import { modelCommand } from './cli/model';
import { exitCodes, printJson, printUsageError } from './cli/report';

/**
 * The command line `studio`; what is here needs no database and no server.
 * @param args without node and script
 * @param extend adds commands that do (server/cli/index.ts)
 * @returns the exit code: 0; 1 for a failure; 2 for a wrong call or unusable input; 130 after Ctrl-C
 */
export async function main(
  args: readonly string[],
  extend: (program: Command, finish: (code: number) => void) => void = () => {},
): Promise<number> {
  let exitCode: number = exitCodes.done;
  const finish = (code: number) => {
    exitCode = code;
  };
  const program = new Command('studio')
    .description(
      'Generate, edit and ask about images with a Nexus-Gen model, and score models, without a server.',
    )
    .addCommand(generateCommand(finish))
    .addCommand(editCommand(finish))
    .addCommand(askCommand(finish))
    .addCommand(dataCommand(finish))
    .addCommand(modelCommand(finish))
    .addCommand(deviceCommand(finish))
    .addCommand(evaluatorCommand(finish))
    .addCommand(evalCommand(finish));
  extend(program, finish);
  for (const command of withSubcommands(program))
    command.exitOverride().configureOutput({ outputError: (text) => printUsageError(text) });
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    exitCode = error.exitCode === 0 ? exitCodes.done : exitCodes.badInput;
    // Scripts that asked for JSON get some.
    if (exitCode !== exitCodes.done && args.includes('--json'))
      printJson({ error: { code: 'usage', message: error.message.replace(/^error: /, '') } });
  }
  return exitCode;
}

const withSubcommands = (command: Command): Command[] => [
  command,
  ...command.commands.flatMap(withSubcommands),
];
