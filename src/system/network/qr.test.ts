import assert from 'node:assert/strict';
import { test } from 'node:test';
import { qrSvg, qrText, wifiCode } from './qr.ts';

test('signs with a meaning of their own are marked in the code of a WiFi', () => {
  assert.equal(wifiCode('Nightjar-7F3A', 'abcd-efgh'), 'WIFI:T:WPA;S:Nightjar-7F3A;P:abcd-efgh;;');
  assert.equal(wifiCode('a;b:c', '"d\\,e'), 'WIFI:T:WPA;S:a\\;b\\:c;P:\\"d\\\\\\,e;;');
});

/** Dark modules by the picture of the page. */
function darkIn(svg: string): Set<string> {
  return new Set([...svg.matchAll(/M(\d+) (\d+)h1v1h-1z/g)].map(([, x, y]) => `${x},${y}`));
}

/** And by what a console draws: light where a block is. */
function darkOn(text: string): Set<string> {
  const dark = new Set<string>();
  text.split('\n').forEach((line, row) => {
    [...line].forEach((sign, x) => {
      if (' ▄'.includes(sign)) dark.add(`${x},${row * 2}`);
      if (' ▀'.includes(sign)) dark.add(`${x},${row * 2 + 1}`);
    });
  });
  return dark;
}

test('page and console show the same code, with its quiet zone', () => {
  for (const text of ['a', wifiCode('Nightjar-7F3A', 'abcd-efgh-jkmn-pqrs'), 'x'.repeat(400)]) {
    const svg = qrSvg(text);
    const dark = darkIn(svg);
    assert.deepEqual([...darkOn(qrText(text))].sort(), [...dark].sort());
    const size = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]);
    const places = [...dark].map((place) => place.split(',').map(Number));
    assert.equal(Math.min(...places.flat()), 4);
    assert.equal(Math.max(...places.flat()), size - 5);
    // The corner marks (ISO/IEC 18004, 6.3.3): a ring of seven by seven around three by three.
    for (const [left, top] of [
      [4, 4],
      [size - 11, 4],
      [4, size - 11],
    ] as const) {
      const row = (y: number) =>
        Array.from({ length: 7 }, (_, x) => (dark.has(`${left + x},${top + y}`) ? '#' : '.')).join('');
      assert.deepEqual([0, 1, 2, 3].map(row), ['#######', '#.....#', '#.###.#', '#.###.#']);
    }
  }
});
