'use client';

import { useErrorText, type Problem } from '../_ui/error-text';

/** A problem in words. */
export const ProblemText = ({ problem }: { problem: Problem }) => useErrorText()(problem);
