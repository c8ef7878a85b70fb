interface Response {
  id: string;
  /** One of the subjects of the set's table. */
  subject: string;
  /** What the model said. */
  response: string;
}

export interface ChoiceResponse extends Response {
  kind: 'multiple-choice';
  /** The right letter, or several that count as right. */
  answer: string | readonly string[];
  /** The letters, e.g. A to D. */
  choices: readonly string[];
  /** Each option's text by its letter. */
  options: Readonly<Record<string, unknown>>;
}

export interface OpenResponse extends Response {
  kind: 'open';
  answer: string | readonly string[];
}

export type MmmuResponse = ChoiceResponse | OpenResponse;

/** A response with its verdict. */
export interface ScoredResponse {
  id: string;
  subject: string;
  correct: boolean;
  /** Set where no option was recognised and the letter was drawn: the chance that a draw is right. */
  guess: { letter: string; chance: number } | null;
}

/** The response cannot be scored, and the official script would end with an error. */
export class UnscorableError extends Error {}
