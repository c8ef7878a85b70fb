import { choice } from './choice';
import { comment } from './comment';
import { scale } from './scale';
import { tags } from './tags';
import { verdict } from './verdict';

/** Every type of question, in the order in which forms ask and exports have them. */
export const questionTypes = [choice, verdict, scale, tags, comment] as const;
