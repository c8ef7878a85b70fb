import { expect, test, vi } from 'vitest';
import { createPictures, hashesOf } from './pictures';

const hash = (letter: string) => letter.repeat(64);
const item = (...letters: string[]) => ({
  pictures: letters.slice(1).map((letter) => ({ name: 'source', hash: hash(letter), width: 1, height: 1 })),
  outputs: [
    { picture: { hash: hash(letters[0] ?? ''), width: 1, height: 1 }, text: null, model: null },
    { picture: null, text: 'words', model: null },
  ],
});

function tried() {
  const made: { src: string; decode: () => Promise<void> }[] = [];
  const failing = new Set<string>();
  const pictures = createPictures(() => {
    const picture = {
      src: '',
      decode: vi.fn(() => (failing.has(picture.src) ? Promise.reject(new Error('lost')) : Promise.resolve())),
    };
    made.push(picture);
    return picture;
  });
  return { pictures, made, failing };
}

test('the pictures of an item, each once', () => {
  expect(hashesOf(item('a', 'b', 'a'))).toEqual([hash('b'), hash('a')]);
});

test('each picture is fetched and decoded once, and held while its item is', () => {
  const { pictures, made } = tried();
  pictures.hold([item('a'), item('b', 'c')]);
  // Without the settings in their files, which name the model.
  expect(made.map(({ src }) => src)).toEqual(
    ['a', 'c', 'b'].map((one) => `/api/images/${hash(one)}?plain=1`),
  );
  for (const { decode } of made) expect(decode).toHaveBeenCalledOnce();
  pictures.hold([item('b', 'c'), item('d')]);
  expect(made).toHaveLength(4);
  expect(pictures.size).toBe(3);
});

test('one that did not arrive is asked for again', async () => {
  const { pictures, made, failing } = tried();
  failing.add(`/api/images/${hash('a')}?plain=1`);
  pictures.hold([item('a')]);
  await vi.waitFor(() => expect(pictures.size).toBe(0));
  pictures.hold([item('a')]);
  expect(made).toHaveLength(2);
});
