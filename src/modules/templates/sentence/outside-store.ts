import type { JsonObject } from '../../../kernel/json.ts';
import type { Missing } from '../../../kernel/run/model.ts';
import { URL_MARK, WORD, type Text } from './text.ts';
import { missingThing } from './steps.ts';

/** A place to store files that is not a folder. */
export interface OutsideStore {
  readonly name: string;
  /** What the sentence says of the params of `storage.put`. */
  readonly params: JsonObject;
  readonly prefix: string;
  readonly missing: Missing;
}

const STORES =
  '(?:google\\s+drive|gdrive|g\\s+drive|dropbox|one\\s?drive|icloud(?:\\s+drive)?|box\\.com|sharepoint|amazon\\s+s3|aws\\s+s3|s3|azure(?:\\s+blob(?:\\s+storage)?)?|google\\s+cloud(?:\\s+storage)?|gcs|backblaze(?:\\s+b2)?|minio|wasabi|(?:the\\s+)?cloud(?:\\s+storage)?|sftp|ftp|webdav|nas|ssh|rsync|git(?:hub)?|nextcloud)';

/** Takes "to Google Drive", "to the S3 bucket backups", "to an FTP server" out of the sentence. */
export function readOutsideStore(text: Text): OutsideStore | undefined {
  const url = text.take(`\\b(?:to|into|on|onto|in)\\s+(?:the\\s+)?(${URL_MARK})`)?.[1];
  if (url !== undefined) return toStore(text.value(url), toBucket(text.value(url)));
  const found = text.take(
    `\\b(?:to|into|on|onto|in)\\s+(?:an?\\s+|the\\s+|my\\s+|our\\s+)*(${STORES})(?![\\w-])(?:\\s+(?:server|account|bucket|folder|storage|drive|share|space)(?![\\w-]))?(?:\\s+(?:called|named)?\\s*((?!(?:every|each|daily|nightly|weekly|at|on|in|and|then|for|once|using|with)(?![\\w-]))(?:‹[qp]\\d+›|${WORD})))?`,
  );
  if (found?.[1] === undefined) return undefined;
  const name = found[1].replace(/\s+/g, ' ').replace(/^the /i, '');
  const bucket = found[2] === undefined ? undefined : text.value(found[2]);
  return toStore(name, /s3|minio|wasabi|backblaze/i.test(name) && bucket !== undefined ? { bucket } : {});
}

function toBucket(url: string): JsonObject {
  const bucket = /^s3:\/\/([^/]+)/i.exec(url)?.[1];
  return bucket === undefined ? {} : { bucket };
}

function toStore(name: string, params: JsonObject): OutsideStore {
  const hint = `Storing outside the allowed folders is not there yet and needs a connection to ${name}. Until then name a folder, such as "to backups/docs".`;
  return { name, params, prefix: 'backup', missing: missingThing(`a connection to ${name}`, hint, 'store') };
}
