import type { ReactNode } from 'react';
import { cn } from '../../_ui/cn';

interface ChoiceBoxProps {
  name: string;
  checked: boolean;
  many?: boolean;
  onPick: () => void;
  className?: string;
  children: ReactNode;
}

/** A native radio button or checkbox under a large label. */
export function ChoiceBox({ name, checked, many = false, onPick, className, children }: ChoiceBoxProps) {
  return (
    <label
      className={cn(
        'border-line-strong bg-surface hover:bg-canvas relative flex cursor-pointer items-center gap-2 rounded-lg border text-sm font-medium transition-colors select-none',
        'has-checked:border-accent has-checked:bg-accent-soft has-checked:text-accent',
        'has-focus-visible:outline-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-1',
        'has-disabled:cursor-default has-disabled:opacity-60',
        className,
      )}
    >
      <input
        type={many ? 'checkbox' : 'radio'}
        name={name}
        checked={checked}
        onChange={onPick}
        className="absolute inset-0 cursor-pointer appearance-none rounded-lg outline-none"
      />
      {children}
    </label>
  );
}
