'use client';

import { ChevronDown, Search, Users } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId, useState } from 'react';
import type { z } from 'zod';
import type { personSchema } from '@/server/reviews/schema';
import { Button } from '../../_ui/button';
import { Popover, PopoverContent, PopoverTrigger } from '../../_ui/popover';

export type Person = z.infer<typeof personSchema>;

interface PeoplePickerProps {
  people: readonly Person[];
  /** Ids; none is everybody. */
  value: readonly string[];
  onChange: (ids: string[]) => void;
}

/** Chooses who of the team reviews. */
export function PeoplePicker({ people, value, onChange }: PeoplePickerProps) {
  const t = useTranslations('reviews.newQueue');
  const id = useId();
  const [typed, setTyped] = useState('');
  const words = typed.trim().toLowerCase();
  const found = people.filter(({ name }) => name.toLowerCase().includes(words));
  const names = people.filter((person) => value.includes(person.id)).map(({ name }) => name);
  return (
    <div className="min-w-0">
      <p id={`${id}-label`} className="text-[13px] leading-5 font-medium">
        {t('assignees')}
      </p>
      <Popover onOpenChange={(open) => !open && setTyped('')}>
        <PopoverTrigger
          id={id}
          aria-labelledby={`${id}-label ${id}`}
          aria-describedby={`${id}-hint`}
          className="border-line-strong bg-surface hover:border-ink mt-1 flex min-h-9 w-full max-w-sm items-center gap-2 rounded-lg border px-2.5 py-1.5 text-left text-sm transition-colors"
        >
          <Users aria-hidden className="text-muted size-4 shrink-0" />
          <span className="min-w-0 flex-1 truncate">
            {value.length === 0
              ? t('everyone')
              : names.length > 0 && names.length <= 3
                ? names.join(', ')
                : t('assigned', { count: value.length })}
          </span>
          <ChevronDown aria-hidden className="text-muted size-4 shrink-0" />
        </PopoverTrigger>
        <PopoverContent align="start" className="flex w-80 flex-col p-0">
          <div className="border-line relative border-b">
            <Search aria-hidden className="text-muted absolute top-1/2 left-3 size-4 -translate-y-1/2" />
            <input
              type="search"
              aria-label={t('findPerson')}
              placeholder={t('findPerson')}
              value={typed}
              onChange={(event) => setTyped(event.target.value)}
              className="placeholder:text-muted h-10 w-full rounded-t-xl bg-transparent pr-3 pl-9 text-sm outline-none"
            />
          </div>
          <ul aria-label={t('assignees')} className="max-h-60 overflow-y-auto p-1">
            {found.map((person) => (
              <li key={person.id}>
                <label className="hover:bg-sunken flex cursor-pointer items-center gap-2.5 rounded-lg px-2.5 py-1.5 text-sm">
                  <input
                    type="checkbox"
                    className="accent-accent size-4"
                    checked={value.includes(person.id)}
                    onChange={(event) =>
                      onChange(
                        event.target.checked
                          ? [...value, person.id]
                          : value.filter((one) => one !== person.id),
                      )
                    }
                  />
                  <span className="truncate">{person.name}</span>
                </label>
              </li>
            ))}
          </ul>
          {found.length === 0 && <p className="text-muted px-3 pb-3 text-sm">{t('nobody')}</p>}
          {value.length > 0 && (
            <div className="border-line border-t p-1.5">
              <Button size="small" variant="ghost" className="w-full" onClick={() => onChange([])}>
                {t('clearAssignees')}
              </Button>
            </div>
          )}
        </PopoverContent>
      </Popover>
      <p id={`${id}-hint`} className="text-muted mt-1 text-[13px] leading-5">
        {t('assigneesHint')}
      </p>
    </div>
  );
}
