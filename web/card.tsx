import type { ComponentChildren } from 'preact';
import type { DeviceView } from '../src/api/views.ts';

/** What can be done with one device, while it is connected. */
export function Card({
  device,
  state,
  alert,
  children,
}: {
  device: DeviceView;
  state?: string | undefined;
  alert?: boolean;
  children: ComponentChildren;
}) {
  const connected = device.status.state === 'connected';
  return (
    <section aria-label={device.label}>
      <h2>
        {device.label}{' '}
        <span class={alert && connected ? 'alert' : ''}>{connected ? state : 'not connected'}</span>
      </h2>
      <fieldset disabled={!connected}>{children}</fieldset>
    </section>
  );
}
