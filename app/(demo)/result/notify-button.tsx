import { Bell, BellRing } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { IconButton } from '../../_ui/button';
import { canNotify, setNotification, wantsNotification } from '../thread/tab-status';

/** Whether the system tells when a job has ended while the page is out of sight; nothing where it cannot. */
export function NotifyButton() {
  const t = useTranslations('results.notify');
  const [on, setOn] = useState(wantsNotification);
  if (!canNotify()) return null;
  return (
    <IconButton
      label={t(on ? 'on' : 'off')}
      className="tip-end aria-pressed:text-accent"
      aria-pressed={on}
      onClick={() => void setNotification(!on).then(setOn)}
    >
      {on ? <BellRing aria-hidden /> : <Bell aria-hidden />}
    </IconButton>
  );
}
