import { Copy, Dices, Download, FileImage, SlidersHorizontal, Trash2, Type } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useRef, type ReactNode } from 'react';
import type { GenerationView } from '@/server/demo/schema';
import { copyText } from '../../_ui/copy-text';
import { Menu, MenuContent, MenuItem, MenuSeparator, MenuSub, MenuTrigger } from '../../_ui/menu';
import { toast } from '../../_ui/toaster';
import { focusPrompt, recall, type Recall } from '../../_request/draft';
import { downloadUrl } from './result-format';
import { MoreButton } from './more-button';
import type { ResultMenuItem } from './result-context';
import { cancelUpload } from '../composer/upload';

export interface ResultMenuProps {
  generation: GenerationView;
  /** Lines of other parts of the page. */
  items: ResultMenuItem[];
  /** Called when "Delete" was chosen; asking whether that was meant is the card's. */
  onDelete: () => void;
}

/** Everything that can be done with a result and is not done every day; open from the first. */
export function ResultMenu({ generation, items, onDelete }: ResultMenuProps) {
  const t = useTranslations('results');
  // What was chosen puts the focus elsewhere; it must not return to the button.
  const elsewhere = useRef(false);
  const recalled = useRef(false);
  const { picture, parameters, prompt } = generation;
  const use = (what: Recall, label: string, icon: ReactNode) => (
    <MenuItem
      onSelect={() => {
        elsewhere.current = true;
        recalled.current = true;
        cancelUpload();
        recall(generation, what);
      }}
    >
      {icon} {label}
    </MenuItem>
  );
  const copy = async () => toast(t((await copyText(prompt)) ? 'menu.copied' : 'menu.notCopied'));
  return (
    // A modal menu would hide the page from screen readers and leave what has the focus in it.
    <Menu modal={false} defaultOpen>
      <MenuTrigger asChild>
        <MoreButton />
      </MenuTrigger>
      <MenuContent
        className="w-60"
        onCloseAutoFocus={(event) => {
          if (elsewhere.current) event.preventDefault();
          // The menu held the focus until now.
          if (recalled.current) focusPrompt();
          elsewhere.current = recalled.current = false;
        }}
      >
        <MenuSub label={withIcon(<SlidersHorizontal aria-hidden />, t('menu.use'))}>
          {use('all', t('menu.all'), <SlidersHorizontal aria-hidden />)}
          {parameters.seed !== undefined &&
            use('all-but-seed', t('menu.allButSeed'), <SlidersHorizontal aria-hidden />)}
          {use('prompt', t('menu.prompt'), <Type aria-hidden />)}
          {parameters.seed !== undefined && use('seed', t('menu.seed'), <Dices aria-hidden />)}
        </MenuSub>
        <MenuItem onSelect={() => void copy()}>
          <Copy aria-hidden /> {t('menu.copy')}
        </MenuItem>
        {(picture || items.some(({ isFile }) => isFile)) && (
          <MenuSub label={withIcon(<Download aria-hidden />, t('menu.file'))}>
            {picture && (
              <>
                <FileItem
                  href={downloadUrl(generation, picture.hash)}
                  icon={<Download aria-hidden />}
                  label={t('menu.download')}
                  hint={t('menu.downloadHint')}
                />
                <FileItem
                  href={downloadUrl(generation, picture.hash, true)}
                  icon={<FileImage aria-hidden />}
                  label={t('menu.plain')}
                  hint={t('menu.plainHint')}
                />
              </>
            )}
            <Items of={items.filter(({ isFile }) => isFile)} />
          </MenuSub>
        )}
        <MenuSeparator />
        <Items of={items.filter(({ isFile }) => !isFile)} />
        <MenuSeparator />
        <MenuItem
          danger
          onSelect={() => {
            elsewhere.current = true;
            onDelete();
          }}
        >
          <Trash2 aria-hidden /> {t('menu.delete')}
        </MenuItem>
      </MenuContent>
    </Menu>
  );
}

const withIcon = (icon: ReactNode, label: string) => (
  <>
    {icon} {label}
  </>
);

function Items({ of }: { of: ResultMenuItem[] }) {
  return of.map(({ key, icon, label, onSelect }) => (
    <MenuItem key={key} onSelect={onSelect}>
      {icon} {label}
    </MenuItem>
  ));
}

/** A download, with what the file carries. */
function FileItem(props: { href: string; icon: ReactNode; label: string; hint: string }) {
  return (
    <MenuItem asChild>
      <a href={props.href} download>
        {props.icon}
        <span>
          <span className="block">{props.label}</span>
          <span className="text-muted block text-xs leading-4">{props.hint}</span>
        </span>
      </a>
    </MenuItem>
  );
}
