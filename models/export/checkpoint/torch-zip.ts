import { open, type FileHandle } from 'node:fs/promises';
import yauzl from 'yauzl';
import { CheckpointError } from '../errors';
import { PickleError, unpickle, type Pickled } from './pickle';
import { damaged, torchFile, type Place, type TorchFile } from './torch-file';

/**
 * Where the tensors of a `torch.save`d file lie (`.bin`, `.pth`, `.pt` since torch 1.6): a zip archive that stores the numbers
 * of each tensor as they are, and a pickle that says what they are. So does a TorchScript archive (`torch.jit.save`), whose pickle
 * has modules instead of a dict. Nothing of the pickle is executed.
 * @throws CheckpointError checkpoint_damaged, checkpoint_format
 */
export async function readTorchZip(file: string): Promise<TorchFile> {
  const handle = await open(file);
  try {
    const { size } = await handle.stat();
    const members = await membersOf(file, handle);
    for (const [name, { offset, size: length }] of members)
      if (offset + length > size) throw damaged(file, `it is cut off within ${name}`);
    const pickle = [...members.keys()].find((name) => /^([^/]+\/)?data\.pkl$/.test(name));
    if (pickle === undefined)
      throw new CheckpointError(
        'checkpoint_format',
        `${file} is a zip archive without data.pkl: it is not a checkpoint that torch.save wrote.`,
      );
    const root = pickle.slice(0, -'data.pkl'.length);
    const saved = await readPickle(file, handle, members.get(pickle)!);
    return torchFile(file, saved, (key) => members.get(`${root}data/${key}`));
  } finally {
    await handle.close();
  }
}

/** The pickle and the numbers of the archive, stored as they are. */
async function membersOf(file: string, handle: FileHandle): Promise<Map<string, Place>> {
  const members = new Map<string, Place>();
  try {
    const archive = await yauzl.fromFdPromise(handle.fd, { autoClose: false, lazyEntries: true });
    for await (const entry of archive.eachEntry()) {
      // The code of a TorchScript archive, which is compressed, is not read.
      if (!/(^|\/)(data\.pkl|data\/[^/]+)$/.test(entry.fileName)) continue;
      if (entry.compressionMethod !== 0)
        throw new CheckpointError(
          'checkpoint_format',
          `${file}: ${entry.fileName} is compressed, so that it cannot be used where it is. Save the checkpoint again with torch.save.`,
        );
      const { fileDataStart } = await archive.readLocalFileHeaderPromise(entry, { minimal: true });
      members.set(entry.fileName, { offset: fileDataStart, size: entry.uncompressedSize });
    }
  } catch (error) {
    if (error instanceof CheckpointError) throw error;
    throw damaged(file, `its archive cannot be read (${(error as Error).message})`, error);
  }
  return members;
}

async function readPickle(file: string, handle: FileHandle, { offset, size }: Place): Promise<Pickled> {
  try {
    if (size > 100_000_000) throw new PickleError(`it has ${size} bytes`);
    const bytes = Buffer.alloc(size);
    const { bytesRead } = await handle.read(bytes, 0, size, offset);
    return unpickle(bytes.subarray(0, bytesRead));
  } catch (error) {
    if (!(error instanceof PickleError)) throw error;
    throw damaged(file, `its data.pkl is not one of a state dict: ${error.message}`, error);
  }
}
