/** Outputs that are switched by one vector, an element each. */
export interface SwitchedNames {
  /** AnyOfMany. */
  property: string;
  labels: string;
  /** Numbers whose elements end like those of `property`. */
  currents?: string;
}

/** An output with a vector of its own. */
export interface PairNames {
  property: string;
  on: string;
  off: string;
}

export interface HeaterNames {
  /** Percent. */
  duties: string;
  labels: string;
  currents: string;
  /** Switches beside the duties; absent: 0 % is off. */
  channels?: string;
  /** By channel, or one INDI_ENABLED for all. */
  automatic: string;
}

export interface AdjustableNames {
  volts: string;
  labels?: string;
  channels?: string;
}

/** Power interface of INDI 2.x; Pegasus Astro's boxes before it (UPB, PPB, PPB Advance). */
export const ports: readonly SwitchedNames[] = [
  { property: 'POWER_CHANNELS', labels: 'POWER_LABELS', currents: 'POWER_CURRENTS' },
  { property: 'POWER_CONTROL', labels: 'POWER_CONTROL_LABEL', currents: 'POWER_CURRENT' },
];

export const pairs: readonly PairNames[] = [
  { property: 'QUADOUT_POWER', on: 'QUADOUT_ON', off: 'QUADOUT_OFF' },
  { property: 'DSLR_POWER', on: 'INDI_ENABLED', off: 'INDI_DISABLED' },
];

export const usb: readonly SwitchedNames[] = [
  { property: 'USB_PORTS', labels: 'USB_LABELS' },
  { property: 'USB_PORT_CONTROL', labels: 'USB_CONTROL_LABEL' },
];

export const heaters: readonly HeaterNames[] = [
  {
    duties: 'DEW_DUTY_CYCLES',
    labels: 'DEW_LABELS',
    currents: 'DEW_CURRENTS',
    channels: 'DEW_CHANNELS',
    automatic: 'AUTO_DEW_CONTROL',
  },
  { duties: 'DEW_PWM', labels: 'DEW_CONTROL_LABEL', currents: 'DEW_CURRENT', automatic: 'AUTO_DEW' },
];

export const adjustable: readonly AdjustableNames[] = [
  { volts: 'VARIABLE_VOLTAGES', labels: 'VARIABLE_LABELS', channels: 'VARIABLE_CHANNELS' },
  { volts: 'ADJUSTABLE_VOLTAGE' },
];

export const SENSORS = 'POWER_SENSORS';
export const CYCLE = 'POWER_CYCLE';
