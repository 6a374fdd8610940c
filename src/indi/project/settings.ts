import type { Device } from '../../device/device.ts';
import { initialValues, type Setting, type SettingValue } from '../../device/settings.ts';
import { OPTIONS } from '../actor.ts';
import { chosen, number, only, type Panel } from '../panel.ts';

/** A driver's own settings, each as a property: `stepMode` → STEP_MODE. */
export function projectSettings(panel: Panel, device: Device): void {
  for (const [key, setting] of Object.entries(device.driver.settings))
    projectSetting(panel, device, key, setting);
  projectPolling(panel, device);
  projectConfiguration(panel, device);
}

/** POLLING_PERIOD: how often the device is asked how it is; from the next question on. */
function projectPolling(panel: Panel, device: Device): void {
  const now = () => ({ PERIOD_MS: device.pollMs.value });
  const elements = { PERIOD_MS: number('Period (ms)', '%.f', 10, 600_000, 1000) };
  const period = panel.numbers('POLLING_PERIOD', 'Polling', OPTIONS, elements, now(), { perm: 'rw' });
  panel.watch([device.pollMs], () => period.show(now(), 'Ok'));
  period.onWrite(({ PERIOD_MS }) => device.setPollMs(PERIOD_MS));
}

/**
 * CONFIG_PROCESS: what is set here is kept at once and loaded at every start, so that loading and saving have nothing
 * left to do; default and purge go back to what the driver comes with.
 */
function projectConfiguration(panel: Panel, device: Device): void {
  const words = {
    CONFIG_LOAD: 'Load',
    CONFIG_SAVE: 'Save',
    CONFIG_DEFAULT: 'Default',
    CONFIG_PURGE: 'Purge',
  };
  const options = { perm: 'rw', rule: 'AtMostOne' } as const;
  const process = panel.switches('CONFIG_PROCESS', 'Configuration', OPTIONS, words, undefined, options);
  process.onWrite(({ CONFIG_DEFAULT, CONFIG_PURGE }) => {
    if (CONFIG_DEFAULT || CONFIG_PURGE) device.change(initialValues(device.driver.settings));
    process.show(only(words, undefined), 'Ok');
  });
}

function projectSetting(panel: Panel, device: Device, key: string, setting: Setting): void {
  const name = constantCase(key);
  const rw = { perm: 'rw' } as const;
  const now = () => device.settings.value[key] as SettingValue;
  const change = (value: SettingValue) => device.change({ [key]: value });
  const { label } = setting;
  switch (setting.kind) {
    case 'number': {
      const value = number(label, '%g', setting.min, setting.max, setting.step);
      const property = panel.numbers(name, label, OPTIONS, { VALUE: value }, { VALUE: Number(now()) }, rw);
      property.onWrite(({ VALUE }) => change(VALUE));
      panel.watch([device.settings], () => property.show({ VALUE: Number(now()) }));
      break;
    }
    case 'text': {
      const property = panel.texts(name, label, OPTIONS, { VALUE: label }, { VALUE: String(now()) }, rw);
      property.onWrite(({ VALUE }) => change(VALUE));
      panel.watch([device.settings], () => property.show({ VALUE: String(now()) }));
      break;
    }
    case 'switch': {
      const words = { INDI_ENABLED: 'On', INDI_DISABLED: 'Off' };
      const on = () => (now() ? 'INDI_ENABLED' : 'INDI_DISABLED');
      const property = panel.switches(name, label, OPTIONS, words, on(), rw);
      property.onWrite(({ INDI_ENABLED }) => change(INDI_ENABLED));
      panel.watch([device.settings], () => property.show(only(words, on())));
      break;
    }
    case 'choice': {
      const words = Object.fromEntries(setting.options.map((option) => [constantCase(option), option]));
      const on = () => constantCase(String(now()));
      const property = panel.switches(name, label, OPTIONS, words, on(), rw);
      property.onWrite((values) => change(words[chosen(values) ?? ''] ?? ''));
      panel.watch([device.settings], () => property.show(only(words, on())));
      break;
    }
  }
}

/** `stepMode` and `step mode` → STEP_MODE. */
export const constantCase = (words: string): string =>
  words
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z\d]+/g, '_')
    .toUpperCase();
