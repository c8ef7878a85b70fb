import { refusalData } from './refusal-data';

/** Whether the server says that it is not there, or not there any more. Any other refusal can be over the next time. */
export const isGone = (error: unknown): boolean => refusalData(error)?.code === 'NOT_FOUND';
