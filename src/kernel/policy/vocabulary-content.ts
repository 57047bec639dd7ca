import { flag, text, texts, whole } from './attributes.ts';
import { DATA_CLASSES, DATA_LEVELS } from './data-classes.ts';

/** What the action's place and content are, derived by parsers and detectors. */
export const CONTENT_VOCABULARY = {
  file: {
    path: text('First path, absolute and resolved; empty when the action has none.', '/data/reports/january.csv'),
    paths: texts('Every path of the action, source and destination, resolved.', ['/data/in.csv', '/data/out.csv']),
    relativePaths: texts('The same below the allowed folder that each lies in, without a leading slash.', [
      'reports/january.csv',
    ]),
    extensions: texts('Extensions of the paths, lower case, without the dot.', ['csv']),
    outsideRoots: flag('Whether a path leads outside the allowed folders.'),
    recursive: flag('Whether it acts on a whole folder.'),
    wildcard: flag('Whether a path holds glob characters.'),
    credentialPlace: flag('Whether a path is a place where credentials live, such as `.ssh`, `.aws` or `.env`.'),
    bytes: whole('Size of the content to be written or sent, in bytes; 0 when there is none.', 2_048),
  },
  url: {
    scheme: text('Scheme of the URL without the colon; empty when the action has none.', 'https'),
    host: text('Host of the URL in lower case, without port.', 'api.example.com'),
    site: text(
      'Registrable domain of the host by the public suffix list; the host itself when it has none.',
      'example.com',
    ),
    port: whole('Port of the URL, also when it is the default one; 0 when the action has none.', 443),
    path: text('Path of the URL, decoded, without query, at most 1,000 characters.', '/v1/charges'),
    method: text('HTTP method in capitals; empty when the action has none.', 'POST'),
    privateNetwork: flag(
      'Whether the host is a loopback, private or link-local address, or a name that can only be one.',
    ),
    metadataService: flag('Whether the host is the metadata service of a cloud.'),
    hasCredentials: flag('Whether the URL holds a user name or a password.'),
    allowlisted: flag('Whether `host:port` is on the list that the operator allows.'),
    unparsed: flag('Whether a URL was given that cannot be read as one.'),
  },
  payment: {
    amountMinor: whole(
      'Amount in the smallest unit of its currency; -1 when there is a payment of unknown amount, 0 when there is none.',
      12_500,
    ),
    currency: text('Currency in capitals; empty when unknown.', 'USD'),
    refund: flag('Whether it pays back.'),
    authorization: flag('Whether it asks a payment provider to authorise a card, the one use of a card code.'),
    newPayee: flag('Whether a payee is created or changed.'),
  },
  sql: {
    present: flag('Whether the action holds SQL; without it the other `sql` facts are those of a harmless read.'),
    parsed: flag('Whether all of it could be parsed; what was not parsed is never a read.', { neutral: true }),
    dialect: text('Dialect in which it was read.', 'postgres', {
      values: ['', 'postgres', 'mysql', 'sqlite', 'unknown'],
    }),
    statements: whole('Number of statements.', 1),
    operations: texts('Verbs of all statements, nested ones too.', ['select', 'delete']),
    objects: texts('What is created, altered or dropped.', ['table', 'column']),
    tables: texts('Tables and views, bare names in lower case.', ['customers']),
    qualifiedTables: texts('Tables with schema or database, where one is given.', ['public.customers']),
    columns: texts('Columns that are read, written or compared, lower case.', ['card_number']),
    functions: texts('Functions that are called, lower case.', ['count']),
    selectsAll: flag('Whether all columns are read with `*`.'),
    mutating: flag('Whether it can change anything.'),
    ddl: flag('Whether the structure changes.'),
    hasWhere: flag('Whether every DELETE and UPDATE has a WHERE.', { neutral: true }),
    alwaysTrue: flag('Whether a WHERE of a DELETE or UPDATE holds for every row.'),
    opaque: flag('Whether part of it cannot be seen from here: DO, CALL, EXECUTE, functions with effects.'),
    privileges: flag('Whether rights, roles or passwords change.'),
    serverFiles: flag('Whether files or programs of the database server are touched.'),
    keyedRows: whole('Rows that a DELETE or UPDATE can touch by equality with keys; -1 when unknown.', 1, {
      neutral: -1,
    }),
    limit: whole('LIMIT of the outermost SELECT; -1 without one.', 100, { neutral: -1 }),
  },
  shell: {
    present: flag('Whether the action holds a program or a script.'),
    parsed: flag('Whether all of it could be read.', { neutral: true }),
    language: text('Language of the program.', 'python'),
    commands: texts('Commands it runs, wrappers undone.', ['rm', 'curl']),
    hosts: texts('Hosts that are named in it.', ['example.com']),
    paths: texts('Paths that are named in it, as written.', ['/var/lib']),
    destructive: flag(
      'Whether data, volumes, history, machines or accounts are deleted or overwritten on a large scale.',
    ),
    deletes: flag('Whether single files are deleted or overwritten.'),
    writes: flag('Whether anything is written, installed, sent or changed.'),
    network: flag('Whether it uses the network.'),
    privilege: flag('Whether it takes more rights than it was given.'),
    pipeToInterpreter: flag('Whether something fetched or decoded is executed.'),
    credentialRead: flag('Whether a place where credentials live is read.'),
    environmentDump: flag('Whether the environment or stored credentials are printed.'),
    credentialChange: flag('Whether passwords, keys, users, groups or multi-factor settings are changed.'),
    obfuscated: flag('Whether something hides what runs.'),
  },
  data: {
    classes: texts(
      'Classes of personal and protected data in the content, or named by its fields, columns and tables.',
      ['payment_card', 'email'],
      {
        values: DATA_CLASSES,
      },
    ),
    contentClasses: texts('Classes of which values were found in the content.', ['payment_card'], {
      values: DATA_CLASSES,
    }),
    fieldClasses: texts('Classes that fields, columns or tables are named after.', ['birth_date'], {
      values: DATA_CLASSES,
    }),
    suspectedClasses: texts('Classes of which only something alike was found.', ['phone'], { values: DATA_CLASSES }),
    fields: texts('Names of fields, columns and headers, lower case, at most 200.', ['card_number', 'city']),
    level: text(
      'How protected the content is: restricted (identity, health, cards), confidential (other personal data, credentials), internal, public.',
      'restricted',
      {
        neutral: 'internal',
        values: DATA_LEVELS,
      },
    ),
    personal: flag('Whether there is any data about persons.'),
    restricted: flag(
      'Whether there is data that must not leave: identity numbers, cards, accounts, health, biometrics, special categories.',
    ),
    contact: flag('Whether there are contact details: e-mail, phone, name, address, date of birth.'),
    count: whole('Values found in the content, all classes together.', 12),
  },
  secrets: {
    count: whole('Keys, tokens, passwords and other credentials found in the content.', 1),
    kinds: texts('What they are.', ['aws_access_key']),
    suspected: flag('Whether something in the content may be a secret, by its randomness alone.'),
  },
  records: {
    count: whole('Records that the action touches: counted, declared, or given by keys; -1 when unknown.', 250),
    known: flag('Whether that number is known.', { neutral: true }),
  },
  analysis: {
    complete: flag('Whether all of the content was looked at, and every parser answered.', { neutral: true }),
    truncated: flag('Whether there was more content than is looked at.'),
    unreadable: flag('Whether part of the content is binary, compressed or encrypted.'),
    obfuscated: flag('Whether something was found only below an encoding or look-alike characters.'),
    errors: texts('Parsers that failed or ran out of time.', ['sql: took longer than 2000 ms']),
  },
} as const;
