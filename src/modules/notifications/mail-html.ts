import type { Risk } from '../../kernel/policy/model.ts';

/** Part of a mail; everything of others in it is escaped. */
export type Html = string & { readonly isHtml: unique symbol };

export interface Page {
  /** A word above the title: what this mail is about. */
  readonly occasion: string;
  readonly title: string;
  readonly risk?: Risk;
  readonly parts: readonly Html[];
  readonly url: string;
  /** On the button. */
  readonly action: string;
  readonly footer?: string;
}

const SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif";
const MONO = "ui-monospace,'SF Mono','Cascadia Mono',Menlo,Consolas,monospace";
const CALM = { color: '#545b68', back: '#f1f3f6' };
const WARN = { color: '#7a4a00', back: '#fdf3dc' };
const RISKS: Readonly<Record<Risk, { readonly color: string; readonly back: string; readonly name: string }>> = {
  low: { ...CALM, name: 'calm' },
  medium: { ...WARN, name: 'warn' },
  high: { color: '#a31621', back: '#fdecec', name: 'bad' },
  critical: { color: '#a31621', back: '#fdecec', name: 'bad' },
};
const SMALL = `font:13px/1.5 ${SANS};color:#545b68`;
/** Only what cannot be said inline: other colours in the dark, less room on a phone. */
const STYLE = `@media (max-width:480px){.sheet{padding:20px 16px!important}.around{padding:0!important}}
@media (prefers-color-scheme:dark){.around{background:#101318!important}.sheet{background:#181c23!important;border-color:#2c323d!important}
.ink{color:#e9ecf1!important}.quiet{color:#a4acba!important}.value,.calm{background:#12151b!important;border-color:#2c323d!important;color:#e9ecf1!important}
.warn{background:#2d2312!important;color:#f2c572!important}.bad{background:#331819!important;color:#ff9d9d!important}
.press{background:#8fb0ff!important}.press a{color:#0b1230!important}.words{border-color:#78808f!important}}`;

/** One column of simple tables: no image, nothing from elsewhere, one link. */
export function toHtml({ occasion, title, risk, parts, url, action, footer }: Page): string {
  const badge = risk === undefined ? '' : ` ${toBadge(risk)}`;
  const rows = [
    `<p class="quiet" style="margin:0 0 4px;${SMALL}"><strong>AgentOS</strong> &middot; ${show(occasion)}${badge}</p>`,
    `<h1 class="ink" style="margin:0 0 16px;font:600 20px/1.35 ${SANS};color:#16191f">${show(title)}</h1>`,
    ...parts,
    toButton(url, action),
    ...(footer === undefined ? [] : [`<p class="quiet" style="margin:16px 0 0;${SMALL}">${show(footer)}</p>`]),
  ];
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer"><meta name="format-detection" content="telephone=no,date=no,address=no,email=no,url=no">
<title>${show(title)}</title><style>${STYLE}</style></head><body style="margin:0">
<table role="presentation" class="around" width="100%" cellpadding="0" cellspacing="0" style="background:#f6f7f9;padding:24px 12px"><tr><td align="center">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" style="max-width:600px;table-layout:fixed"><tr><td class="sheet" align="left" style="background:#ffffff;border:1px solid #dcdfe5;border-radius:8px;padding:28px 32px;word-wrap:break-word;overflow-wrap:anywhere">
${rows.join('\n')}
</td></tr></table>
</td></tr></table></body></html>
`;
}

export function toParagraph(words: string): Html {
  return html(`<p class="ink" style="margin:0 0 12px;font:15px/1.5 ${SANS};color:#16191f">${show(words)}</p>`);
}

export function toNote(words: string, tone: 'calm' | 'warn'): Html {
  const { color, back } = tone === 'warn' ? WARN : { ...CALM, color: '#16191f' };
  return html(
    `<p class="${tone}" style="margin:0 0 16px;padding:10px 12px;border-radius:6px;font:600 14px/1.5 ${SANS};color:${color};background:${back}">${show(words)}</p>`,
  );
}

export function toHeading(words: string): Html {
  return html(`<h2 class="ink" style="margin:20px 0 8px;font:600 15px/1.4 ${SANS};color:#16191f">${show(words)}</h2>`);
}

/** Short facts, one a line. */
export function toFactTable(facts: readonly (readonly [string, string])[]): Html {
  const rows = facts.map(
    ([label, value]) =>
      `<tr><th scope="row" class="quiet" align="left" valign="top" width="92" style="padding:2px 12px 2px 0;font:14px/1.5 ${SANS};color:#545b68">${show(label)}</th>` +
      `<td class="ink" valign="top" style="padding:2px 0;font:14px/1.5 ${SANS};color:#16191f;white-space:pre-wrap">${show(value)}</td></tr>`,
  );
  return html(
    `<table width="100%" cellpadding="0" cellspacing="0" style="table-layout:fixed;margin:0 0 8px">${rows.join('')}</table>`,
  );
}

/** A value that would be executed, as it is: its name above, so that long ones have the whole width. */
export function toValue(label: string, value: string): Html {
  return html(
    `<p class="quiet" style="margin:0 0 2px;${SMALL}">${show(label)}</p>` +
      `<pre class="value" style="margin:0 0 12px;padding:8px 10px;background:#f1f3f6;border:1px solid #dcdfe5;border-radius:6px;color:#16191f;font:13px/1.5 ${MONO};white-space:pre-wrap;overflow-wrap:anywhere;unicode-bidi:plaintext">${show(value)}</pre>`,
  );
}

export function toList(lines: readonly string[]): Html {
  const items = lines.map((line) => `<li style="margin:0 0 4px;white-space:pre-wrap">${show(line)}</li>`);
  return html(
    `<ul class="ink" style="margin:0 0 12px;padding:0 0 0 20px;font:14px/1.5 ${SANS};color:#16191f">${items.join('')}</ul>`,
  );
}

/** Words that nobody has checked, set apart from ours. */
export function toQuote(words: string): Html {
  return html(
    `<blockquote class="quiet words" style="margin:0 0 12px;padding:2px 0 2px 12px;border-left:3px solid #858c99;font:italic 14px/1.5 ${SANS};color:#545b68;white-space:pre-wrap">${show(words)}</blockquote>`,
  );
}

function toBadge(risk: Risk): string {
  const { color, back, name } = RISKS[risk];
  return `<span class="${name}" style="margin-left:6px;padding:2px 8px;border-radius:10px;font:600 12px/1.5 ${SANS};color:${color};background:${back}">${risk} risk</span>`;
}

function toButton(url: string, words: string): string {
  return (
    `<table role="presentation" cellpadding="0" cellspacing="0" style="margin:20px 0 0"><tr><td class="press" style="border-radius:6px;background:#1d4ed8">` +
    `<a href="${escape(url)}" rel="noreferrer" style="display:inline-block;padding:11px 20px;font:600 15px/1.2 ${SANS};color:#ffffff;text-decoration:none">${show(words)}</a></td></tr></table>`
  );
}

function html(text: string): Html {
  return text as Html;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

function escape(words: string): string {
  return words.replaceAll(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}

/** As text; addresses in it are parted where nobody sees it, so that mail programs make no links of them. */
function show(words: string): string {
  return escape(words).replaceAll(/(?<=[\p{L}\p{N}_-])(?=[.@][\p{L}\p{N}])|(?=:\/\/)/gu, '<wbr>');
}
