import assert from 'node:assert/strict';
import type { Court } from './judges.ts';

export async function moveFocuser({ driver, truth }: Court): Promise<void> {
  await driver.until('its position', () => driver.said('ABS_FOCUS_POSITION'));
  const start = Number(truth.value.position);
  for (const target of [start + 400, start + 150]) {
    driver.send('ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: target });
    await driver.until(`focuser at ${target}`, () => truth.value.position === target && !truth.value.moving);
    await driver.until('the driver says so', () => {
      const said = driver.said('ABS_FOCUS_POSITION');
      return said?.state === 'Ok' && said.values.FOCUS_ABSOLUTE_POSITION === target;
    });
  }
}

export async function turnWheel({ driver, truth }: Court): Promise<void> {
  await driver.until('its slot', () => driver.said('FILTER_SLOT'));
  for (const target of [3, 2]) {
    driver.send('FILTER_SLOT', { FILTER_SLOT_VALUE: target });
    await driver.until(`slot ${target} in place`, () => truth.value.slot === target);
    await driver.until('the driver says so', () => {
      const said = driver.said('FILTER_SLOT');
      return said?.state === 'Ok' && said.values.FILTER_SLOT_VALUE === target;
    });
  }
  assert.equal(truth.value.slot, 2);
}
