/** Text for LaTeX and Markdown, whatever stands in it. */

const special: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
  '<': '\\textless{}',
  '>': '\\textgreater{}',
  '|': '\\textbar{}',
};

/** Every character that LaTeX gives a meaning; line breaks become spaces. */
export const texText = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/[\\{}$&#%_~^<>|]/g, (one) => special[one] ?? `\\${one}`);

/** For a cell of a Markdown table: no pipe ends it, nothing in it is markup. */
export const markdownCell = (text: string): string =>
  text.replace(/\s+/g, ' ').replace(/[\\|*_`[\]<>#~]/g, (one) => (one === '<' ? '&lt;' : `\\${one}`));

/** A value of a BibTeX entry, in braces: what would unbalance them is escaped. */
export const bibtexText = texText;
