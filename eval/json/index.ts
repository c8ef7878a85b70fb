export { decodeText, EncodingError } from './decode';
export { isObject, parseJson, type Parsed } from './parse';
export { partsOf, readEntries, streamEntries, type JsonEntry } from './read';
