import type { MiddlewareHandler } from 'hono';
import { matchedRoutes } from 'hono/route';
import { Counter, collectDefaultMetrics, Gauge, Histogram } from 'prom-client';
import type { Parts } from './parts.ts';
import { shotOf } from './views.ts';

/**
 * Registers what Prometheus may ask: devices, exposures, runs, requests, and the process itself (memory, event loop
 * lag). @returns the middleware that counts requests
 */
export function countAll({ host, metrics, clock }: Parts): MiddlewareHandler {
  const registers = [metrics];
  collectDefaultMetrics({ register: metrics });
  new Gauge({
    name: 'nightjar_device_up',
    help: '1 while the device is connected',
    labelNames: ['device', 'driver', 'state'],
    registers,
    collect() {
      this.reset();
      for (const { id, driver, status } of host.devices.value) {
        const { state } = status.value;
        this.set({ device: id, driver: driver.id, state }, state === 'connected' ? 1 : 0);
      }
    },
  });
  new Gauge({
    name: 'nightjar_runs_in_progress',
    help: 'Operations in progress',
    registers,
    collect() {
      this.set(host.runs.list().filter(({ endedUtc }) => endedUtc === undefined).length);
    },
  });
  const runs = new Counter({
    name: 'nightjar_runs_total',
    help: 'Operations that have ended, by how',
    labelNames: ['device', 'state'],
    registers,
  });
  const exposures = new Counter({
    name: 'nightjar_exposures_total',
    help: 'Exposures taken',
    labelNames: ['camera', 'type'],
    registers,
  });
  const deviceOf = (identity: string) =>
    host.devices.value.find((device) => (device.identity ?? device.id) === identity)?.id ?? identity;
  host.runs.watch((run) => {
    const ending = run.ending.value;
    if (!ending) return;
    runs.inc({ device: run.name.split(' ')[0] ?? '', state: ending.state });
    const shot = shotOf(run);
    if (shot) exposures.inc({ camera: deviceOf(shot.facts.camera.id), type: shot.facts.type });
  });
  const requests = new Histogram({
    name: 'nightjar_http_seconds',
    help: 'Requests by route, from the first byte in to the first byte out',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.05, 0.5, 5],
    registers,
  });
  return async (c, next) => {
    const start = clock.monotonic();
    await next();
    const route = matchedRoutes(c).findLast(({ path }) => !path.endsWith('*'))?.path ?? 'other';
    requests.observe(
      { method: c.req.method, route, status: c.res.status },
      (clock.monotonic() - start) / 1000,
    );
  };
}
