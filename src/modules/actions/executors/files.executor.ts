import { Injectable } from '@nestjs/common';
import type { JsonObject } from '../../../kernel/json.ts';
import { Config } from '../../../platform/config/index.ts';
import { passSeam } from '../../../platform/crash/index.ts';
import { toFileFailure } from '../../../platform/files/index.ts';
import { texts } from '../catalogue-entry.ts';
import {
  FileDeleteParams,
  FileListParams,
  FileMoveParams,
  FileReadParams,
  FileWriteParams,
} from '../catalogue-local.ts';
import { Executor, type ExecutionContext } from '../executor.ts';
import type { Permit } from '../permit.ts';
import { deleteFiles } from './delete-files.ts';
import { throwIfAborted, type FileContext } from './file-place.ts';
import { listFiles } from './list-files.ts';
import { moveFile } from './move-file.ts';
import { readFile } from './read-file.ts';
import { writeFile } from './write-file.ts';

const ACTIONS = {
  'file.list': (params, context) => listFiles(FileListParams.parse(params), context),
  'file.read': (params, context) => readFile(FileReadParams.parse(params), context),
  'file.write': (params, context) => writeFile(FileWriteParams.parse(params), context),
  'file.move': (params, context) => moveFile(FileMoveParams.parse(params), context),
  'file.delete': (params, context) => deleteFiles(FileDeleteParams.parse(params), context),
} as const satisfies Record<string, (params: JsonObject, context: FileContext) => Promise<JsonObject>>;

/** Files inside the allowed roots; each path is resolved and checked again at the moment of acting. */
@Injectable()
export class FilesExecutor extends Executor {
  override readonly types = Object.keys(ACTIONS);
  readonly #roots: readonly string[];

  constructor(config: Config) {
    super();
    this.#roots = config.fileRoots;
  }

  async execute(permit: Permit, { actionId, signal }: ExecutionContext): Promise<JsonObject> {
    const { type, params } = permit.take();
    throwIfAborted(signal);
    const act = ACTIONS[type as keyof typeof ACTIONS];
    try {
      passSeam('file.before');
      const output = await act(params, { roots: this.#roots, actionId, signal });
      passSeam('file.after');
      return output;
    } catch (error) {
      throw toFileFailure(error, texts(params, 'path', 'from')[0] ?? '');
    }
  }
}
