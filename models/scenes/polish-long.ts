import { counted, list, place, type Language } from './language';
import { placeOf, type Scene } from './scene';

/**
 * The long caption of a scene: every thing with its place, one kind in company with its number. It is what polishing
 * makes of a short prompt, in the wording of the captions that name places.
 */
export function longCaption({ objects }: Scene, language: Language): string {
  const [first] = objects;
  const alike = objects.every(
    (o) => o.classIndex === first!.classIndex && o.colourIndex === first!.colourIndex,
  );
  const content = alike
    ? counted(first!, objects.length, language)
    : list(
        objects.map((o) => {
          const where = place(placeOf(o), language);
          return language === 'zh'
            ? `${counted(o, 1, language)}在${where}`
            : `${counted(o, 1, language)} ${where}`;
        }),
        language,
      );
  return language === 'zh' ? `一张${content}的照片` : `a photo of ${content}`;
}
