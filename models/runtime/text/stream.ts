/**
 * Turns tokens into text as they come. One character can be several tokens (a byte-level token is a piece of
 * UTF-8), so text is held back while its last character is unfinished.
 */
export class TextStream {
  private readonly ids: number[] = [];
  /** Decoding starts here, so that the text before `read` is the same with and without what follows. */
  private start = 0;
  private read = 0;

  constructor(private readonly decode: (ids: readonly number[]) => string) {}

  /** The text that this token completes; often empty inside a character. */
  push(id: number): string {
    this.ids.push(id);
    const known = this.decode(this.ids.slice(this.start, this.read));
    const all = this.decode(this.ids.slice(this.start));
    if (all.length <= known.length || all.endsWith('\uFFFD')) return '';
    this.start = this.read;
    this.read = this.ids.length;
    return all.slice(known.length);
  }

  /** What is left at the end: an unfinished character becomes U+FFFD. */
  flush(): string {
    const known = this.decode(this.ids.slice(this.start, this.read));
    const rest = this.decode(this.ids.slice(this.start)).slice(known.length);
    this.start = this.read = this.ids.length;
    return rest;
  }
}
