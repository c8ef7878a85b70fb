import { CopyButton } from './copy-button';

interface CodeBlockProps {
  code: string;
  /** What it is, for screen readers. */
  label: string;
  copyLabel: string;
}

/** A text to be copied: lines are not broken, it scrolls sideways, by keyboard too. */
export function CodeBlock({ code, label, copyLabel }: CodeBlockProps) {
  return (
    <div className="border-line bg-surface relative min-w-0 rounded-xl border">
      <div className="bg-surface absolute top-1.5 right-1.5 rounded-lg">
        <CopyButton text={code} label={copyLabel} />
      </div>
      <pre
        tabIndex={0}
        role="region"
        aria-label={label}
        className="focus-visible:outline-accent overflow-x-auto rounded-xl p-4 pr-28 font-mono text-[13px] leading-6 focus-visible:outline-2"
      >
        <code>{code.trimEnd()}</code>
      </pre>
    </div>
  );
}
