/** A quoted name, or a bare word that may be one. */
export const NAME = '(`[^`]{1,200}`|"[^"]{1,200}"|\'[^\']{1,200}\'|[a-z0-9_#][a-z0-9_.:-]{0,98}[a-z0-9_]|[a-z0-9])';

/** Words that stand before a head noun without being a name: "the table", "delete tables", "production database". */
const NO_NAMES = new Set(
  'a an the any all every each some this that these those of for to in on at with from by and or not no only other another same new unknown own our your their its his her my which who whose is are be been being it them they more less than most least over under above below up if when unless except without but may must can should shall will would do does did never whole entire specific particular certain given following production staging test development prod dev live external internal outside outbound sql database relational mcp downstream external connected storage s3 read reading reads write writing writes change changing modify modifying alter altering delete deleting deletes drop dropping drops truncate truncating create creating update updating insert inserting remove removing access accessing use using used send sending export exporting open opening query querying list listing move moving edit editing upload uploading download downloading run running post posting call calling into onto within via per about between during before after slack email e-mail mail http https api web sensitive confidential personal critical important approved trusted untrusted allowed existing different multiple several many two three four five bulk large single whole one language ai large generative network join joining share sharing touch touching message messages named called like as calls deny denies denied block blocks blocked forbid forbids prohibit ban bans disallow refuse reject prevent stop require requires approve redact mask log logs? warn limit restrict allow permit let keep protect except for strip truncate any model models files file databases tables data records rows queries'.split(
    ' ',
  ),
);

export function isQuoted(text: string): boolean {
  return /^[`"']/.test(text);
}

/** The name without quotes; undefined for a bare word that names nothing. */
export function toName(text: string): string | undefined {
  if (isQuoted(text)) return text.slice(1, -1).trim() === '' ? undefined : text.slice(1, -1).trim();
  return NO_NAMES.has(text.toLowerCase()) ? undefined : text;
}

/** As rules write it: in backquotes. */
export function show(name: string): string {
  return `\`${name.replaceAll('`', "'")}\``;
}
