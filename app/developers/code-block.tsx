import { cn } from '../_ui/cn';
import { CopyButton } from '../_ui/copy-button';

interface CodeBlockProps {
  code: string;
  /** What it is, for screen readers. */
  label: string;
  copyLabel: string;
  /** On a narrow screen the button stands above the text. */
  stacked?: boolean;
}

/** A text to be copied: lines are not broken, it scrolls sideways, by keyboard too. */
export function CodeBlock({ code, label, copyLabel, stacked = false }: CodeBlockProps) {
  return (
    <div
      className={cn(
        'border-line bg-surface flex min-w-0 items-start rounded-xl border',
        stacked && 'max-sm:flex-col-reverse',
      )}
    >
      <pre
        tabIndex={0}
        role="region"
        aria-label={label}
        className={cn(
          'focus-visible:outline-accent w-full min-w-0 flex-1 overflow-x-auto rounded-xl px-4 py-3 font-mono text-[13px] leading-6 focus-visible:outline-2',
          stacked && 'max-sm:pt-0',
        )}
      >
        <code>{code.trimEnd()}</code>
      </pre>
      <div className="ml-auto shrink-0 p-1.5 pt-2">
        <CopyButton text={code} label={copyLabel} />
      </div>
    </div>
  );
}
