import { type Browser, chromium, type Page } from 'playwright-core';

/** The browser that tries the page in the tests: Debian's, which asks nothing of the internet. */
export const CHROMIUM = '/usr/bin/chromium';

export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: CHROMIUM,
    args: [
      ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run'],
      ...['--disable-background-networking', '--disable-component-update', '--disable-sync'],
    ],
  });

/** Real fingers: they begin and end as the browser's own gestures do. */
export async function touches(page: Page) {
  const session = await page.context().newCDPSession(page);
  return async (type: 'touchStart' | 'touchMove' | 'touchEnd', ...at: [x: number, y: number][]) => {
    const touchPoints = at.map(([x, y], id) => ({ x, y, id }));
    await session.send('Input.dispatchTouchEvent', { type, touchPoints });
  };
}

/** The brightest red, green and blue on the screen, 0…255. */
export async function brightest(page: Page): Promise<[red: number, green: number, blue: number]> {
  const shot = await page.screenshot();
  return page.evaluate(async (base64) => {
    const bitmap = await createImageBitmap(
      new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]),
    );
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext('2d')!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    const most: [number, number, number] = [0, 0, 0];
    for (const [index, value] of data.entries()) {
      const channel = index % 4;
      if (channel < 3) most[channel] = Math.max(most[channel]!, value);
    }
    return most;
  }, shot.toString('base64'));
}
