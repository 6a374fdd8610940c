import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type BoardSeen, boardFindings } from './board.ts';
import { lookAtBoard } from './look-at-board.ts';

const bare: BoardSeen = {
  isBoard: false,
  buses: [],
  chips: [],
  mayExport: true,
  oneWire: false,
  probes: [],
  mayOpen: () => true,
};
const bus = { bus: 1, adapter: 'bcm2835 (i2c@7e804000)', path: '/dev/i2c-1' };
const chip = { name: 'gpiochip0', label: 'pinctrl-bcm2711', base: 512, lines: 58 };

test('a computer without such buses has nothing to say of them; a board without I2C has', () => {
  assert.deepEqual(boardFindings(bare), []);
  assert.deepEqual(
    boardFindings({ ...bare, isBoard: true }).map(({ what, state }) => [what, state]),
    [['i2c', 'missing']],
  );
});

test('who answers on an I2C bus, and what it may be', () => {
  const found = { answering: [0x40, 0x50, 0x76], held: [0x68] };
  const [finding] = boardFindings({ ...bare, buses: [{ ...bus, found }] });
  assert.equal(finding?.state, 'ok');
  assert.match(finding?.words ?? '', /0x40 \(may be: INA219\), 0x50, 0x76 \(may be: BME280\), 0x68 \(has/);
  const [empty, own] = boardFindings({
    ...bare,
    buses: [{ ...bus, found: { answering: [], held: [] } }, bus],
  });
  assert.match(empty?.words ?? '', /nobody answers/);
  assert.match(own?.words ?? '', /not asked/);
});

test('what is wrong says what to do: rights, a bus that hangs, a bus without a probe', () => {
  const seen = { ...bare, chips: [chip], oneWire: true };
  const [closed, lines, probe] = boardFindings({
    ...seen,
    buses: [bus],
    mayExport: false,
    mayOpen: () => false,
  });
  assert.deepEqual([closed?.state, lines?.state, probe?.state], ['wrong', 'wrong', 'note']);
  assert.match(closed?.words ?? '', /group "i2c"/);
  assert.match(lines?.words ?? '', /58 lines from number 512, the header; .*group "gpio"/);
  assert.match(probe?.words ?? '', /4\.7 kΩ/);
  const [hangs] = boardFindings({ ...bare, buses: [{ ...bus, trouble: 'ETIMEDOUT' }] });
  assert.equal(hangs?.state, 'wrong');
  assert.deepEqual(boardFindings({ ...seen, chips: [], probes: ['28-0316a2794bff'] }), [
    { what: '1-wire 28-0316a2794bff', state: 'ok', words: 'a DS18B20' },
  ]);
});

test('this computer can be looked at', async () => {
  const seen = await lookAtBoard(() => false);
  assert.ok(boardFindings({ ...seen, mayOpen: () => true }).every(({ what }) => what.length > 0));
});
