import { expect, test } from 'vitest';
import { askCommand } from './ask';
import { editCommand } from './edit';
import { generateCommand } from './generate';

const finish = () => undefined;

/** Scripts and the help know the options by these names, in this order. */
test.each([
  [
    generateCommand(finish),
    '--seed <n> --width <pixels> --height <pixels> --steps <n> --guidance <s> --negative <prompt>' +
      ' -o, --out <file> --model <dir> --device <device> --device-memory <size> --threads <n> --language <language> --json --polish',
  ],
  [
    editCommand(finish),
    '--decoder <decoder> --seed <n> --width <pixels> --height <pixels> --steps <n> --guidance <s>' +
      ' --negative <prompt> -o, --out <file> --model <dir> --device <device> --device-memory <size> --threads <n>' +
      ' --language <language> --json',
  ],
  [
    askCommand(finish),
    '--max-new-tokens <n> --model <dir> --device <device> --device-memory <size> --threads <n> --language <language> --json',
  ],
])('the options of a command', (command, flags) => {
  expect(command.options.map((option) => option.flags).join(' ')).toBe(flags);
});

test('values of an option are read as its parameter takes them', () => {
  const [steps, negative] = ['--steps', '--negative'].map((name) =>
    generateCommand(finish).options.find(({ long }) => long === name),
  );
  expect(steps?.parseArg?.(' 4 ', undefined)).toBe(4);
  expect(() => steps?.parseArg?.('many', undefined)).toThrow('It must be a number.');
  expect(negative?.parseArg).toBeUndefined();
  const decoder = editCommand(finish).options.find(({ long }) => long === '--decoder');
  expect(decoder?.argChoices).toEqual(['generation', 'editing']);
});
