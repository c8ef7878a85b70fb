import { cva, type VariantProps } from 'class-variance-authority';
import type { ComponentProps } from 'react';
import { cn } from './cn';

export const buttonStyle = cva(
  "inline-flex shrink-0 items-center justify-center gap-1.5 rounded-lg font-medium whitespace-nowrap transition-colors select-none aria-disabled:cursor-default aria-disabled:opacity-60 disabled:opacity-60 [&_svg:not([class*='size-'])]:size-4 [&_svg]:shrink-0",
  {
    variants: {
      variant: {
        primary: 'bg-accent text-on-accent hover:bg-accent-hover',
        outline: 'border border-line bg-surface text-ink hover:border-line-strong hover:bg-canvas',
        ghost: 'text-muted hover:bg-sunken hover:text-ink',
        danger: 'bg-danger-soft text-danger hover:bg-danger hover:text-surface',
      },
      size: {
        medium: 'h-9 px-3.5 text-sm',
        small: 'h-8 px-2.5 text-[13px]',
        icon: 'size-8',
      },
    },
    defaultVariants: { variant: 'outline', size: 'medium' },
  },
);

type ButtonProps = ComponentProps<'button'> & VariantProps<typeof buttonStyle>;

export function Button({ className, variant, size, type = 'button', ...props }: ButtonProps) {
  return <button type={type} className={cn(buttonStyle({ variant, size }), className)} {...props} />;
}

type IconButtonProps = Omit<ButtonProps, 'size' | 'children'> & {
  label: string;
  children: ButtonProps['children'];
};

/** A button without words: its label is its accessible name and is shown on hover and focus. */
export function IconButton({ label, className, variant = 'ghost', ...props }: IconButtonProps) {
  return (
    <Button
      size="icon"
      variant={variant}
      aria-label={label}
      data-tip={label}
      className={cn('tip', className)}
      {...props}
    />
  );
}
