/** What an answer of status 200 holds, and what is wrong with one that holds nothing usable. */
import { AttemptFailure, errorInJson } from './failures';
import { foreign, type Quote } from './redact';
import type { Answer } from './transport';

type Json = Record<string, unknown>;

const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const bad = (message: string) => new AttemptFailure('item', message);

/** A file, or the address of one. */
export type Picture = { bytes: Uint8Array } | { url: string };

/**
 * The first picture of an answer of `/v1/images/…`. Base64 may stand in a data URL.
 * @throws AttemptFailure that says what came instead
 */
export function pictureIn(answer: Answer, quote: Quote): Picture {
  const json = jsonOf(answer, 'an image', quote);
  const [first] = Array.isArray(json.data) ? (json.data as unknown[]) : [];
  const { b64_json: base64, url } = isObject(first) ? first : {};
  if (typeof base64 === 'string' && base64) return { bytes: decode(base64) };
  if (typeof url === 'string' && url) return url.startsWith('data:') ? { bytes: decode(url) } : { url };
  const words = wordsInstead(json, first);
  if (words !== null)
    throw bad(`The endpoint answered with text instead of an image: ${foreign(quote(words))}`);
  if (!Array.isArray(json.data)) throw bad('The answer has no data.');
  if (first === undefined) throw bad('The answer has no image: its data is empty.');
  throw bad('The answer has neither b64_json nor url.');
}

/** A chat's answer, or text where `data` should have a picture. */
function wordsInstead(json: Json, item: unknown): string | null {
  const [choice] = Array.isArray(json.choices) ? (json.choices as unknown[]) : [];
  const message = isObject(choice) ? (isObject(choice.message) ? choice.message : choice) : {};
  const found = [message.content, message.text, message.refusal, json.text, json.output_text, item];
  if (isObject(item)) found.push(item.text, item.content);
  return found.find((text): text is string => typeof text === 'string' && text !== '') ?? null;
}

function decode(text: string): Uint8Array {
  const base64 = text.replace(/^data:[^,]{0,200};base64,/, '');
  // Buffer.from passes over what is not base64.
  if (/[^A-Za-z0-9+/=\s]/.test(base64)) throw bad("The image's b64_json is not base64.");
  return Buffer.from(base64, 'base64');
}

/**
 * The words of an answer of `/v1/chat/completions`; an empty text is an answer.
 * @throws AttemptFailure that says what came instead
 */
export function wordsIn(answer: Answer, quote: Quote): string {
  const json = jsonOf(answer, 'a chat completion', quote);
  if (!Array.isArray(json.choices)) throw bad('The answer has no choices.');
  const [choice] = json.choices as unknown[];
  if (!isObject(choice) || !isObject(choice.message)) throw bad('The answer has no message.');
  const { content, refusal, images } = choice.message;
  const parts: Json[] = Array.isArray(content) ? (content as unknown[]).filter(isObject) : [];
  // Words beside a picture are not the answer that was asked for, and the picture would be lost.
  if ((Array.isArray(images) && images.length) || parts.some(({ type }) => /image/.test(String(type))))
    throw bad('The endpoint answered with an image instead of text.');
  if (typeof refusal === 'string' && refusal) throw bad(`The endpoint refused: "${quote(refusal)}"`);
  const spoken = parts.map(({ text }) => text).filter((text) => typeof text === 'string');
  const text = typeof content === 'string' ? content : spoken.length ? spoken.join('') : null;
  const finish = choice.finish_reason;
  if (!text && finish === 'length')
    throw bad('The endpoint used up all tokens before the first word of its answer. Allow more tokens.');
  if (!text && finish === 'content_filter') throw bad("The endpoint's content filter blocked the answer.");
  if (text === null) throw bad("The answer's message has no content.");
  return text;
}

function jsonOf({ mediaType, body }: Answer, wanted: string, quote: Quote): Json {
  if (body.length === 0) throw bad('The answer is empty.');
  const text = () => new TextDecoder().decode(body);
  if (mediaType === 'text/html') throw bad('The endpoint answered with an HTML page: is baseUrl correct?');
  if (mediaType === 'text/plain')
    throw bad(`The endpoint answered with text instead of ${wanted}: ${foreign(quote(text()))}`);
  if (mediaType && !/^(application|text)\/([\w.-]+\+)?json$/.test(mediaType))
    throw bad(`The endpoint answered with ${foreign(quote(mediaType))} instead of JSON.`);
  let json: unknown;
  try {
    json = JSON.parse(text());
  } catch {
    // The parser's own message quotes the body, which is not ours to repeat unread.
    throw bad(`The answer is not JSON, or is cut off: ${foreign(quote(text()))}`);
  }
  if (!isObject(json)) throw bad('The answer is JSON, but not an object.');
  const error = json.error === undefined ? null : errorInJson(json);
  if (error) throw bad(`The endpoint answered with an error: ${foreign(quote(error.message))}`);
  return json;
}
