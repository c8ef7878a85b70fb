import { fireEvent, screen, within } from '@testing-library/react';
import { useState } from 'react';
import { expect, test, vi } from 'vitest';
import { Divider } from '../../app/_viewer/divider';
import { Stage } from '../../app/_viewer/stage';
import { useZoom } from '../../app/_viewer/use-zoom';
import { ZoomButtons } from '../../app/_viewer/zoom-buttons';
import { show, words } from '../support/render';

function Line() {
  const [share, setShare] = useState(0.5);
  return <Divider share={share} onChange={setShare} />;
}

test('the divider moves by the keys of a slider, and never past an end', async () => {
  const { user } = show(<Line />);
  const divider = screen.getByRole('slider', { name: words('viewer.divider') });
  const at = (percent: number) => expect(divider).toHaveAttribute('aria-valuenow', String(percent));
  divider.focus();
  for (const [key, percent] of [
    ['{ArrowRight}', 52],
    ['{ArrowDown}', 50],
    ['{Shift>}{ArrowLeft}{/Shift}', 40],
    ['{PageUp}', 50],
    ['{Home}', 0],
    ['{ArrowLeft}', 0],
    ['{End}', 100],
    ['{ArrowUp}', 100],
  ] as const) {
    await user.keyboard(key);
    at(percent);
  }
  expect(divider).toHaveAttribute('aria-valuetext', words('viewer.dividerValue', { a: 100, b: 0 }));
});

/** A stage of 400 by 400, which jsdom has to be told. */
function Picture({ onDragFitted }: { onDragFitted?: (share: number) => void }) {
  const zoom = useZoom([{ width: 256, height: 256 }]);
  return (
    <>
      <Stage zoom={zoom} label="stage" onDragFitted={onDragFitted}>
        <output>{`${zoom.view.scale} ${Math.round(zoom.view.x)} ${Math.round(zoom.view.y)}`}</output>
      </Stage>
      <ZoomButtons zoom={zoom} />
    </>
  );
}
const size = 400;
function look(onDragFitted?: (share: number) => void) {
  vi.spyOn(Element.prototype, 'clientWidth', 'get').mockReturnValue(size);
  vi.spyOn(Element.prototype, 'clientHeight', 'get').mockReturnValue(size);
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue({
    left: 0,
    top: 0,
    width: size,
    height: size,
  } as DOMRect);
  const shown = show(<Picture onDragFitted={onDragFitted} />);
  const stage = screen.getByRole('group', { name: 'stage' });
  const view = () => within(stage).getByRole('status').textContent;
  const button = (name: 'zoomIn' | 'zoomOut' | 'fit') =>
    screen.getByRole('button', { name: words(`viewer.${name}`) });
  return { ...shown, stage, view, button };
}

test('buttons zoom between their ends, and Fit shows all again', async () => {
  const { user, view, button } = look();
  expect(button('zoomOut')).toHaveAttribute('aria-disabled', 'true');
  expect(button('fit')).toHaveAttribute('aria-disabled', 'true');
  await user.click(button('zoomIn'));
  expect(view()).toBe('1.5 0 0');
  expect(button('zoomOut')).toHaveAttribute('aria-disabled', 'false');
  for (let presses = 0; presses < 12; presses++) await user.click(button('zoomIn'));
  expect(button('zoomIn')).toHaveAttribute('aria-disabled', 'true');
  await user.click(button('fit'));
  expect(view()).toBe('1 0 0');
});

test('the wheel zooms at the pointer and does not scroll the page', () => {
  const { stage, view } = look();
  expect(fireEvent.wheel(stage, { deltaY: -240, clientX: 200, clientY: 200 })).toBe(false);
  expect(Number(view()?.split(' ')[0])).toBeGreaterThan(1);
  fireEvent.doubleClick(stage);
  expect(view()).toBe('1 0 0');
});

test('arrows move what is zoomed, and only that', async () => {
  const { user, stage, view, button } = look();
  stage.focus();
  await user.keyboard('{ArrowRight}');
  expect(view()).toBe('1 0 0');
  await user.click(button('zoomIn'));
  stage.focus();
  await user.keyboard('{ArrowRight}');
  expect(view()).toBe('1.5 -48 0');
});

test('fitted, a drag tells the share of the width; zoomed, it moves the image', () => {
  const told = vi.fn();
  const { stage, view } = look(told);
  const at = (clientX: number) => ({ clientX, clientY: 200, pointerId: 1, button: 0 });
  fireEvent.pointerDown(stage, at(300));
  expect(told).toHaveBeenLastCalledWith(0.75);
  fireEvent.pointerMove(stage, at(100));
  expect(told).toHaveBeenLastCalledWith(0.25);
  fireEvent.pointerUp(stage, at(100));
  told.mockClear();
  fireEvent.doubleClick(stage, at(200));
  fireEvent.pointerDown(stage, at(200));
  fireEvent.pointerMove(stage, at(230));
  expect(told).not.toHaveBeenCalled();
  expect(view()).toBe('3 30 0');
});
