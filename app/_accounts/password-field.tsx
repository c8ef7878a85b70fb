'use client';

import { Eye, EyeOff } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState, type ComponentProps } from 'react';
import { IconButton } from '../_ui/button';
import { TextField } from '../_ui/field';

/** A password, hidden unless one wants to see it. */
export function PasswordField(props: Omit<ComponentProps<typeof TextField>, 'type' | 'size' | 'end'>) {
  const t = useTranslations('accounts.signIn');
  const [shown, setShown] = useState(false);
  return (
    <TextField
      size="large"
      type={shown ? 'text' : 'password'}
      autoCapitalize="none"
      spellCheck={false}
      end={
        <IconButton
          label={t(shown ? 'hide' : 'show')}
          className="tip-end"
          aria-pressed={shown}
          onClick={() => setShown(!shown)}
        >
          {shown ? <EyeOff aria-hidden /> : <Eye aria-hidden />}
        </IconButton>
      }
      {...props}
    />
  );
}
