import { z } from 'zod';
import { byteLength, defineAction, texts } from './catalogue-entry.ts';

const MAX_BYTES = 64 * 1024 * 1024;

const path = z.string().min(1).max(4096);
const filePath = path.refine((value) => !/[/\\]$/.test(value), 'names a folder; add the name of the file');
const encoding = z.enum(['utf8', 'base64']);
const rows = z.array(z.record(z.string(), z.unknown()));

export const FileListParams = z.strictObject({
  path,
  glob: z.string().min(1).max(1024).optional(),
  recursive: z.boolean().optional(),
});
export type FileListParams = z.infer<typeof FileListParams>;

export const FileReadParams = z.strictObject({
  path: filePath,
  encoding: encoding.optional(),
  maxBytes: z.number().int().min(1).max(MAX_BYTES).optional(),
});
export type FileReadParams = z.infer<typeof FileReadParams>;

export const FileWriteParams = z.strictObject({
  path: filePath,
  content: z.string(),
  mode: z.enum(['overwrite', 'create', 'append']).optional(),
  encoding: encoding.optional(),
});
export type FileWriteParams = z.infer<typeof FileWriteParams>;

export const FileMoveParams = z.strictObject({ from: path, to: filePath, overwrite: z.boolean().optional() });
export type FileMoveParams = z.infer<typeof FileMoveParams>;

export const FileDeleteParams = z.strictObject({ path, recursive: z.boolean().optional() });
export type FileDeleteParams = z.infer<typeof FileDeleteParams>;

export const DataParseParams = z.strictObject({ format: z.enum(['csv', 'json', 'jsonl', 'xml']), text: z.string() });
export type DataParseParams = z.infer<typeof DataParseParams>;

export const DataTransformParams = z.strictObject({ input: z.unknown(), expression: z.string().min(1).max(100_000) });
export type DataTransformParams = z.infer<typeof DataTransformParams>;

export const DataFormatParams = z.strictObject({
  format: z.enum(['csv', 'json', 'jsonl', 'markdown', 'html']),
  value: z.unknown(),
});
export type DataFormatParams = z.infer<typeof DataFormatParams>;

const FILE_TIMEOUT_MS = 30_000;
const DATA_TIMEOUT_MS = 30_000;

export const FILE_ACTIONS = [
  defineAction({
    type: 'file.list',
    title: 'List files',
    description:
      'Lists the files of a folder, sorted by path. `glob` such as `*.csv`, `*.{jpg,png}` or `**/report*` (case does not matter; names that begin with a dot need a glob that does); `recursive` also lists subfolders. At most 10,000 files. `path` of each file can be given to the other file actions; `extension` is lower case without the dot.',
    params: FileListParams,
    output: z.strictObject({
      files: z.array(
        z.strictObject({
          path: z.string(),
          name: z.string(),
          extension: z.string(),
          size: z.number().int().describe('bytes'),
          modifiedAt: z.string().describe('ISO 8601, UTC'),
        }),
      ),
    }),
    operation: 'list',
    runsInDryRun: true,
    paths: (params) => texts(params, 'path'),
    isRecursive: (params) => params['recursive'] === true,
    timeoutMs: FILE_TIMEOUT_MS,
  }),
  defineAction({
    type: 'file.read',
    title: 'Read a file',
    description:
      'Reads a whole file as text (`utf8`) or as `base64`. A file larger than `maxBytes` (default 8,388,608) is refused, not cut.',
    params: FileReadParams,
    output: z.strictObject({ text: z.string(), size: z.number().int().describe('bytes') }),
    operation: 'read',
    runsInDryRun: true,
    paths: (params) => texts(params, 'path'),
    timeoutMs: FILE_TIMEOUT_MS,
  }),
  defineAction({
    type: 'file.write',
    title: 'Write a file',
    description:
      'Writes a file at once or not at all, making missing folders. `mode`: `overwrite` (default), `create` (refused when the file exists) or `append`. `encoding: base64` writes the decoded bytes.',
    params: FileWriteParams,
    output: z.strictObject({ path: z.string(), bytes: z.number().int() }),
    operation: (params) => (params['mode'] === 'create' ? 'create' : 'update'),
    sideEffect: () => 'local',
    paths: (params) => texts(params, 'path'),
    bytes: (params) => byteLength(params['content'], params['encoding'] === 'base64' ? 'base64' : 'utf8'),
    timeoutMs: FILE_TIMEOUT_MS,
  }),
  defineAction({
    type: 'file.move',
    title: 'Move or rename a file',
    description:
      'Moves a file or folder to the full new path `to`, making missing folders. An existing file there is refused unless `overwrite` is true.',
    params: FileMoveParams,
    output: z.strictObject({ path: z.string() }),
    operation: 'update',
    sideEffect: () => 'local',
    paths: (params) => texts(params, 'from', 'to'),
    timeoutMs: FILE_TIMEOUT_MS,
  }),
  defineAction({
    type: 'file.delete',
    title: 'Delete files',
    description:
      'Moves a file into the trash of its root, from where `file.move` brings it back. A folder needs `recursive: true`. `path` may hold wildcards such as `inbox/*.tmp`. `trashed` lists where each now is.',
    params: FileDeleteParams,
    output: z.strictObject({ trashed: z.array(z.string()) }),
    operation: 'delete',
    sideEffect: () => 'local',
    paths: (params) => texts(params, 'path'),
    isRecursive: (params) => params['recursive'] === true,
    timeoutMs: FILE_TIMEOUT_MS,
  }),
] as const;

export const DATA_ACTIONS = [
  defineAction({
    type: 'data.parse',
    title: 'Parse data',
    description:
      'Turns text into data. `csv` gives `rows` whose values are strings (names of columns are trimmed, and those that are whole numbers, such as `2023`, come first; the delimiter `,` `;` or tab is found by itself); `json`, `jsonl` give `rows` for a list of objects, else `value`; `xml` gives `value` (attributes as `@name`, text as `#text`) and also `rows` when the root holds a list of equal elements.',
    params: DataParseParams,
    output: z.strictObject({ rows: rows.optional(), value: z.unknown().optional() }),
    operation: 'read',
    runsInDryRun: true,
    timeoutMs: DATA_TIMEOUT_MS,
  }),
  defineAction({
    type: 'data.transform',
    title: 'Transform data',
    description:
      'Evaluates a JSONata expression over `input`, in a process of its own with a deadline and a memory cap. `result` is plain JSON: nothing becomes null, and as always in JSONata a list of one may become its element unless the expression keeps it (`[]`).',
    params: DataTransformParams,
    output: z.strictObject({ result: z.unknown() }),
    operation: 'read',
    runsInDryRun: true,
    timeoutMs: DATA_TIMEOUT_MS,
  }),
  defineAction({
    type: 'data.format',
    title: 'Format data',
    description:
      'Turns `value` into text. `csv` and `jsonl` take a list of rows; `markdown` and `html` take rows, or `{title?, text?, rows?, chart?: {title?, labels[], values[]}}`; `json` takes anything. Csv cells are written as they are: a cell that begins with `=` is a formula to some spreadsheet programs.',
    params: DataFormatParams,
    output: z.strictObject({ text: z.string() }),
    operation: 'read',
    runsInDryRun: true,
    timeoutMs: DATA_TIMEOUT_MS,
  }),
  defineAction({
    type: 'text.analyze',
    title: 'Analyse texts',
    description:
      'Says for each text whether it is positive, neutral or negative, and which of the `categories` fits best.',
    params: z.strictObject({
      texts: z.array(z.string()).min(1).max(1000),
      categories: z.array(z.string().min(1)).optional(),
    }),
    output: z.strictObject({
      results: z.array(
        z.strictObject({
          sentiment: z.enum(['positive', 'neutral', 'negative']),
          score: z.number().min(-1).max(1),
          category: z.string().optional(),
        }),
      ),
    }),
    operation: 'read',
    runsInDryRun: true,
    requires: 'the text analyser',
    timeoutMs: FILE_TIMEOUT_MS,
  }),
] as const;
