import { choice } from './choice';
import { comment, commentEditor } from './comment';
import { scale, scaleEditor } from './scale';
import { tags, tagsEditor } from './tags';
import { verdict, verdictEditor } from './verdict';

/** How every type of question is on the pages, by its name. */
export const questionViews = { choice, verdict, scale, tags, comment };

/** Those that a new queue can be given, in the order of its form. */
export const questionEditors = [verdictEditor, scaleEditor, tagsEditor, commentEditor] as const;
