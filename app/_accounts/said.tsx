'use client';

import { useErrorText, type Problem } from '../_components/error-text';

/** A problem in words. */
export const Said = ({ problem }: { problem: Problem }) => useErrorText()(problem);
