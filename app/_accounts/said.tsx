'use client';

import { useErrorText, type Problem } from '../_ui/error-text';

/** A problem in words. */
export const Said = ({ problem }: { problem: Problem }) => useErrorText()(problem);
