/** The mark: an N drawn through a grid of tokens. */
export function Logo({ className }: { className?: string }) {
  return (
    <svg viewBox="0 0 32 32" className={className} aria-hidden>
      <rect width="32" height="32" rx="8" className="fill-accent" />
      <path
        d="M9 23V9l14 14V9"
        fill="none"
        className="stroke-on-accent"
        strokeWidth="2.6"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <g className="fill-on-accent">
        <circle cx="9" cy="9" r="2.6" />
        <circle cx="9" cy="23" r="2.6" />
        <circle cx="23" cy="9" r="2.6" />
        <circle cx="23" cy="23" r="2.6" />
        <circle cx="16" cy="9" r="1.7" opacity="0.6" />
        <circle cx="16" cy="23" r="1.7" opacity="0.6" />
      </g>
    </svg>
  );
}
