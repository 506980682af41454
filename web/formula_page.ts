// Texts of docs/ with formulas as pages beside the application: the formula of what is shown, one click from its legend.
// Rendered when the page is built and, while developing, when it is asked for. Every column and heading has its name as anchor.
import { readFileSync } from 'node:fs';
import { Marked, type Tokens } from 'marked';
import type { Plugin } from 'vite';

/** Each a text of the documentation and a page of the same name. */
export const FORMULA_PAGES = ['physics', 'forecast', 'vacuum', 'radar', 'gamma'] as const;
export type FormulaPage = (typeof FORMULA_PAGES)[number];
const sourceOf = (name: FormulaPage): URL => new URL(`../docs/${name}.md`, import.meta.url);
export const addressOf = (name: FormulaPage): string => `docs/${name}.html`;

const STYLE = `
  :root { color-scheme: dark; --line: #1e1e28; --faint: #767b8a; }
  body { max-width: 62rem; margin: 2rem auto 40vh; padding: 0 1.2rem; background: #0a0a0f; color: #c9ccd6;
    font: 15px/1.55 system-ui, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; }
  h1, h2, strong { color: #f0f2f7; } h1 { font-size: 22px; } h2 { font-size: 17px; margin-top: 2.2em; }
  code, pre { font: 13px/1.4 ui-monospace, "JetBrains Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace; }
  pre { overflow-x: auto; padding: 10px 14px; border: 1px solid var(--line); border-radius: 5px; }
  td code { color: #44ddff; }
  table { border-collapse: collapse; width: 100%; }
  th, td { text-align: left; vertical-align: top; padding: 4px 12px 4px 0; border-bottom: 1px solid var(--line); }
  th { color: var(--faint); font-weight: 400; } tr { scroll-margin-top: 30vh; } tr:target td { background: #14303a; }`;

const slug = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');

/** A row whose first cell is one name in code: a column of the surface. */
const columnOf = (cell: Tokens.TableCell | undefined): string | undefined =>
  cell?.tokens.length === 1 && cell.tokens[0].type === 'codespan'
    ? (cell.tokens[0] as Tokens.Codespan).text
    : undefined;

export function formulaPage(markdown: string, title: string): string {
  const marked = new Marked();
  marked.use({
    renderer: {
      heading({ tokens, depth, text }) {
        return `<h${depth} id="${slug(text)}">${this.parser.parseInline(tokens)}</h${depth}>\n`;
      },
      // Sources, contracts and other texts are beside this one in the repository, not beside the page: their names stay, as text.
      link({ href, tokens }) {
        const text = this.parser.parseInline(tokens);
        const page = FORMULA_PAGES.find((name) => href.split('#')[0] === `${name}.md`);
        const to = page ? href.replace('.md', '.html') : href;
        return page || /^(https?:|#)/.test(href) ? `<a href="${to}">${text}</a>` : text;
      },
      table({ header, rows }) {
        const cells = (row: Tokens.TableCell[], tag: string) =>
          row.map((cell) => `<${tag}>${this.parser.parseInline(cell.tokens)}</${tag}>`).join('');
        const body = rows.map((row) => {
          const column = columnOf(row[0]);
          return `<tr${column ? ` id="${column}"` : ''}>${cells(row, 'td')}</tr>`;
        });
        return `<table><thead><tr>${cells(header, 'th')}</tr></thead><tbody>\n${body.join('\n')}\n</tbody></table>\n`;
      },
    },
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Spymaster: ${title}</title>
<style>${STYLE}
</style>
</head>
<body>
${marked.parse(markdown, { async: false })}</body>
</html>
`;
}

export const rendered = (name: FormulaPage): string => formulaPage(readFileSync(sourceOf(name), 'utf8'), name);

export function formulaPagePlugin(): Plugin {
  return {
    name: 'spymaster-formula-page',
    generateBundle() {
      for (const name of FORMULA_PAGES)
        this.emitFile({ type: 'asset', fileName: addressOf(name), source: rendered(name) });
    },
    configureServer(server) {
      for (const name of FORMULA_PAGES)
        server.middlewares.use(`/${addressOf(name)}`, (_request, response) => {
          response.setHeader('Content-Type', 'text/html; charset=utf-8');
          response.end(rendered(name));
        });
    },
  };
}
