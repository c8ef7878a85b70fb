import type { Command } from 'commander';
import { cancelCommand, listCommand, pauseCommand, resumeCommand, showCommand } from './manage';
import { compareCommand } from './compare';
import { exportCommand } from './export';
import { editCommand } from './labels';
import { importCommand } from './import';
import { recordCommand } from './record';
import { rescoreCommand } from './rescore';
import { runCommand } from './run';

/** Adds the commands of `studio eval` that work on the database. */
export function addRunCommands(program: Command, finish: (code: number) => void): void {
  const evaluate = program.commands.find((command) => command.name() === 'eval');
  if (!evaluate) throw new Error('The command line has no eval.');
  evaluate
    .addCommand(runCommand(finish))
    .addCommand(importCommand(finish))
    .addCommand(rescoreCommand(finish))
    .addCommand(compareCommand(finish))
    .addCommand(exportCommand(finish))
    .addCommand(recordCommand(finish))
    .addCommand(listCommand(finish))
    .addCommand(showCommand(finish))
    .addCommand(editCommand(finish))
    .addCommand(pauseCommand(finish))
    .addCommand(resumeCommand(finish))
    .addCommand(cancelCommand(finish));
}
