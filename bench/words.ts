/** What the clients of the benches say; the same to every server. */

export const ask = (device?: string, name?: string): string =>
  `<getProperties version='1.7'${device ? ` device='${device}'` : ''}${name ? ` name='${name}'` : ''}/>\n`;

export const setNumbers = (device: string, name: string, values: Readonly<Record<string, number>>): string =>
  `<newNumberVector device='${device}' name='${name}'>` +
  Object.entries(values)
    .map(([element, value]) => `<oneNumber name='${element}'>${value}</oneNumber>`)
    .join('') +
  '</newNumberVector>\n';

export const turnOn = (device: string, name: string, element: string): string =>
  `<newSwitchVector device='${device}' name='${name}'><oneSwitch name='${element}'>On</oneSwitch></newSwitchVector>\n`;

export const connectDevice = (device: string): string => turnOn(device, 'CONNECTION', 'CONNECT');

export const enableBlobs = (device: string): string => `<enableBLOB device='${device}'>Also</enableBLOB>\n`;
