import type { Manifest } from '../../../models/runtime/manifest';
import type { Language, Task } from '../schema';
import { StudioError } from '../../platform/errors/errors';
import { placeholder, type Conversation, type TurnNotes } from './schema';

/** Turns of a conversation to the unified format, and back. Pictures are named; who has their bytes is elsewhere. */

type Templates = Manifest['templates'];

export interface Turn {
  task: Task;
  prompt: string;
  language: Language;
  parameters: TurnNotes['parameters'];
  /** The picture that it was about, by any name. */
  source: string | null;
  /** The answer: a picture by its name, or a text. */
  picture: string | null;
  text: string | null;
  /** Whether it goes on from the turn before it. */
  linked: boolean;
}

/** What a person or model wrote holds no placeholder. */
const plain = (text: string) => text.replaceAll(placeholder, '< image >');
const words = (template: string) => template.replaceAll(placeholder, '').trim();

/**
 * As the model was asked, templates included. A picture stands in the user's message only where it is not the last
 * one shown, so that turn follows turn as people write them.
 * @param nameOf the path of a picture in the file
 */
export function toConversation(
  turns: Turn[],
  templates: Templates,
  nameOf: (picture: string) => string,
): Conversation {
  const conversation: Conversation = { images: [], messages: [], studio: { turns: [] } };
  let shown: string | null = null;
  const show = (picture: string) => {
    conversation.images.push(nameOf(picture));
    shown = picture;
    return placeholder;
  };
  for (const { task, prompt, language, parameters, source, picture, text, linked } of turns) {
    const asked = words(templates[task][language]).split('{}').join(plain(prompt));
    const user = source !== null && source !== shown ? `${show(source)} ${asked}` : asked;
    conversation.messages.push({ role: 'user', content: user });
    conversation.messages.push({
      role: 'assistant',
      content: picture === null ? plain(text ?? '') : show(picture),
    });
    conversation.studio?.turns.push({ task, language, linked, parameters });
  }
  return conversation;
}

/** What the user said since the last answer, and the picture with it. */
interface Asked {
  text: string;
  given: string | null;
}

const refuse = (message: string, reason = 'IMPORT_UNREADABLE') =>
  new StudioError('BAD_REQUEST', message, { reason });

/**
 * The turns of a conversation of any program; `source` and `picture` are entries of `images`.
 * @param languageOf the language of a text, where the file does not tell
 * @throws StudioError BAD_REQUEST with what is wrong
 */
export function fromConversation(
  { images, messages, studio }: Conversation,
  templates: Templates,
  languageOf: (text: string) => Language,
): Turn[] {
  const places = messages.reduce((sum, { content }) => sum + countPlaces(content), 0);
  if (places !== images.length)
    throw refuse(`The conversation has ${images.length} images but ${places} placeholders for them.`);
  const turns: Turn[] = [];
  let next = 0;
  let shown: string | null = null;
  let asked: Asked | null = null;
  const take = (content: string | null | undefined): string | null => {
    const count = countPlaces(content);
    if (count > 1)
      throw refuse('A message of the conversation has several images; only one per message is supported.');
    return count === 1 ? (images[next++] ?? null) : null;
  };
  for (const { role, content } of messages) {
    const before = asked as Asked | null;
    const picture: string | null = take(content);
    const text = (content ?? '').replaceAll(placeholder, '').trim();
    if (role === 'system') continue;
    if (role === 'user') {
      if (before?.given && picture)
        throw refuse('A message of the conversation has several images; only one per message is supported.');
      asked = {
        text: [before?.text, text].filter(Boolean).join('\n'),
        given: picture ?? before?.given ?? null,
      };
      continue;
    }
    if (!before) throw refuse('The conversation has an answer without a question.');
    const { given, text: prompt } = before;
    const notes = studio?.turns[turns.length];
    const source: string | null = given ?? shown;
    const task = notes?.task ?? taskOf(prompt, { picture, source, given }, templates);
    if ((task === 'understand') === (picture !== null) || (task === 'edit' && source === null))
      throw refuse('The conversation’s turn metadata doesn’t match its messages.');
    const language = notes?.language ?? languageOf(prompt);
    turns.push({
      ...{ task, language, picture },
      prompt: withoutTemplate(prompt, templates[task][language]),
      parameters: notes?.parameters ?? {},
      source: task === 'generate' ? null : source,
      text: task === 'understand' ? text : null,
      linked: turns.length > 0 && (notes?.linked ?? (given === null && task !== 'generate')),
    });
    shown = picture ?? source;
    asked = null;
  }
  if (asked) throw refuse('The conversation ends with an unanswered question.');
  return turns;
}

const countPlaces = (content: string | null | undefined) => (content ?? '').split(placeholder).length - 1;

/** A picture as the answer is an edit where there is one to edit, unless the request is worded as a generation. */
function taskOf(
  prompt: string,
  seen: { picture: string | null; source: string | null; given: string | null },
  templates: Templates,
): Task {
  if (seen.picture === null) return 'understand';
  if (seen.source === null) return 'generate';
  const worded = Object.values(templates.generate).some(
    (template) => template.trim() !== '{}' && withoutTemplate(prompt, template) !== prompt,
  );
  return worded && seen.given === null ? 'generate' : 'edit';
}

/** The prompt itself, where the text is one in the template. */
function withoutTemplate(text: string, template: string): string {
  const [before = '', after = ''] = words(template).split('{}');
  const fits = text.startsWith(before) && text.endsWith(after) && text.length > before.length + after.length;
  return fits ? text.slice(before.length, text.length - after.length).trim() : text;
}
