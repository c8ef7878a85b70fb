import type { Command } from 'commander';
import { command } from './options';
import { scoreEditingCommand } from './score-editing';
import { scoreGenevalCommand } from './score-geneval';
import { scoreMmmuCommand } from './score-mmmu';

/** `studio eval`: benchmarks. */
export function evalCommand(finish: (code: number) => void): Command {
  return command('eval', 'evaluate models').addCommand(
    command('score', "score a model's outputs as the reference scripts do")
      .addCommand(scoreGenevalCommand(finish))
      .addCommand(scoreMmmuCommand(finish))
      .addCommand(scoreEditingCommand(finish)),
  );
}
