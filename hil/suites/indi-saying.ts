import assert from 'node:assert/strict';
import { parseUtc, systemClock } from '../../src/core/clock.ts';
import { settled } from './indi-peers.ts';
import type { Rule } from './indi-rule.ts';
import { type Element, verb } from './indi-wire.ts';

const KINDS = ['Text', 'Number', 'Switch', 'Light', 'BLOB'];
const STATES = ['Idle', 'Ok', 'Busy', 'Alert'];
const RULES = ['OneOfMany', 'AtMostOne', 'AnyOfMany'];
const NAME_BYTES = 63;
const STAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?$/;
/** Of a timestamp, against the clock of this machine. */
const SKEW_MS = 5000;

/** INDI protocol 1.7, what a server says. */
export const saying: readonly Rule[] = [
  {
    name: 'every definition has all its attributes, each of the words there are for it',
    async holds(peer) {
      const tap = await peer.learnt();
      const definitions = tap.all({ verb: 'def' });
      assert.ok(definitions.length > 40, `${definitions.length} properties`);
      for (const definition of definitions) checkDefinition(definition);
    },
  },
  {
    name: 'names, labels and groups are of 63 bytes at most',
    async holds(peer) {
      const tap = await peer.learnt();
      for (const definition of tap.all({ verb: 'def' })) {
        for (const { attributes } of [definition, ...definition.children]) {
          for (const key of ['device', 'name', 'label', 'group']) {
            const bytes = Buffer.byteLength(attributes[key] ?? '');
            assert.ok(bytes <= NAME_BYTES, `${key} of ${bytes} bytes: ${attributes[key]}`);
          }
        }
      }
    },
  },
  {
    name: 'what is said is stamped with the time in UTC, without a Z',
    async holds(peer) {
      const tap = await peer.learnt();
      const from = tap.heard.length;
      await tap.ask('Number', peer.focuser, 'ABS_FOCUS_POSITION', { FOCUS_ABSOLUTE_POSITION: 999_999_999 });
      await tap.ping();
      for (const element of [...tap.all({ verb: 'def' }), ...tap.heard.slice(from)]) {
        if (!['def', 'set', 'message'].includes(verb(element))) continue;
        const stamp = element.attributes.timestamp ?? '';
        assert.match(stamp, STAMP, `${element.tag} ${element.attributes.name}`);
      }
      const latest = tap.all({ verb: 'set' }, from)[0]?.attributes.timestamp;
      const skew = Math.abs(parseUtc(`${latest}Z`) - systemClock.now());
      assert.ok(skew < SKEW_MS, `${latest}: ${skew} ms off`);
    },
  },
  {
    name: 'an update is of a defined property, of its kind, with some or all of its elements',
    async holds(peer) {
      const tap = await peer.learnt();
      tap.enableBlob('Also', peer.camera);
      tap.set('Number', peer.camera, 'CCD_EXPOSURE', { CCD_EXPOSURE_VALUE: 0.2 });
      tap.set('Number', peer.wheel, 'FILTER_SLOT', { FILTER_SLOT_VALUE: 2 });
      tap.set('Switch', peer.camera, 'CCD_FRAME_TYPE', { FRAME_DARK: true });
      tap.set('Switch', peer.camera, 'CCD_FRAME_TYPE', { FRAME_LIGHT: true });
      await tap.next({ verb: 'setBLOBVector' }, 0, 10_000);
      await tap.next({ verb: 'set', name: 'FILTER_SLOT', state: 'Ok' }, 0, 10_000);
      await settled(tap);
      const updates = tap.all({ verb: 'set' });
      assert.ok(updates.length >= 5);
      for (const update of updates) checkUpdate(update, tap.all({ verb: 'def' }));
    },
  },
];

function checkDefinition({ tag, attributes, children }: Element): void {
  const what = `${attributes.device}.${attributes.name}`;
  const kind = /^def(\w+)Vector$/.exec(tag)?.[1] ?? '';
  assert.ok(KINDS.includes(kind), tag);
  for (const key of ['device', 'name', 'label', 'group', 'state', 'timestamp'])
    assert.ok(attributes[key] !== undefined, `${what} has no ${key}`);
  assert.ok(STATES.includes(attributes.state ?? ''), `${what}: state ${attributes.state}`);
  if (kind === 'Light') assert.equal(attributes.perm, undefined, `${what}: a light has no perm`);
  else {
    assert.match(attributes.perm ?? '', /^(ro|wo|rw)$/, what);
    assert.ok(Number(attributes.timeout) >= 0, `${what}: timeout ${attributes.timeout}`);
  }
  if (kind === 'Switch') assert.ok(RULES.includes(attributes.rule ?? ''), `${what}: ${attributes.rule}`);
  else assert.equal(attributes.rule, undefined, `${what}: only switches have a rule`);
  assert.ok(children.length > 0, `${what} has no elements`);
  const names = new Set<string>();
  for (const child of children) {
    const own = `${what}.${child.attributes.name}`;
    assert.equal(child.tag, `def${kind}`, own);
    assert.ok(child.attributes.name && !names.has(child.attributes.name), `${own}: no name of its own`);
    names.add(child.attributes.name);
    assert.ok(child.attributes.label !== undefined, `${own} has no label`);
    if (kind === 'Number') checkNumber(own, child.attributes, child.text);
    if (kind === 'Switch') assert.match(child.text.trim(), /^(On|Off)$/, own);
    if (kind === 'Light') assert.ok(STATES.includes(child.text.trim()), own);
    if (kind === 'BLOB') assert.equal(child.text.trim(), '', `${own} has content`);
  }
  if (kind === 'Switch' && attributes.rule !== 'AnyOfMany') {
    const lit = children.filter(({ text }) => text.trim() === 'On').length;
    assert.ok(lit <= 1, `${what} (${attributes.rule}) has ${lit} On`);
  }
}

function checkNumber(what: string, attributes: Element['attributes'], text: string): void {
  for (const key of ['format', 'min', 'max', 'step']) {
    const value = attributes[key];
    assert.ok(value !== undefined, `${what} has no ${key}`);
    if (key === 'format') assert.match(value, /^%[-+ 0#]*\d*\.?\d*[a-zA-Z]+$/, what);
    else assert.ok(Number.isFinite(Number(value)), `${what}: ${key} ${value}`);
  }
  assert.ok(Number(attributes.min) <= Number(attributes.max), `${what}: an empty range`);
  assert.ok(text.trim() !== '' && Number.isFinite(Number(text)), `${what}: "${text}" is no number`);
}

function checkUpdate({ tag, attributes, children }: Element, definitions: readonly Element[]): void {
  const what = `${tag} ${attributes.device}.${attributes.name}`;
  const known = definitions.findLast(
    (one) => one.attributes.device === attributes.device && one.attributes.name === attributes.name,
  );
  assert.ok(known, `${what} was never defined`);
  assert.equal(known.tag.replace(/^def/, 'set'), tag, what);
  if (attributes.state !== undefined) assert.ok(STATES.includes(attributes.state), what);
  if (attributes.timeout !== undefined) assert.ok(Number(attributes.timeout) >= 0, what);
  const elements = new Set(known.children.map((child) => child.attributes.name));
  for (const child of children) {
    assert.equal(child.tag, tag.replace(/^set(\w+)Vector$/, 'one$1'), what);
    assert.ok(elements.has(child.attributes.name), `${what}.${child.attributes.name} was never defined`);
    for (const key of ['min', 'max', 'step']) {
      const value = child.attributes[key];
      if (value !== undefined) assert.ok(Number.isFinite(Number(value)), `${what}: ${key} ${value}`);
    }
  }
}
