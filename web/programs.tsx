import type { ProgramView } from '../src/api/program-view.ts';
import { AddDriver, AddServer } from './add-program.tsx';
import { SureButton } from './forms.tsx';
import { MakersDrivers } from './makers.tsx';
import { ask, state } from './rig.ts';

const words: Record<ProgramView['state'], string> = {
  starting: 'starting',
  running: 'running',
  waiting: 'waiting',
  stopped: 'stopped',
};
const dots: Record<ProgramView['state'], string> = {
  starting: 'connecting',
  running: 'connected',
  waiting: 'recovering',
  stopped: 'disconnected',
};

/** The INDI drivers and servers that bring devices; nothing on a unit that runs none. */
export function ProgramsView() {
  const { programs } = state.value;
  if (!programs) return null;
  return (
    <>
      <section class="devices" aria-label="INDI drivers">
        <h2>INDI drivers</h2>
        {programs.length === 0 && (
          <p class="hint">None yet. Any of INDI's drivers can be added, closed camera drivers too.</p>
        )}
        {programs.map((program) => (
          <ProgramLine key={program.id} program={program} />
        ))}
      </section>
      <AddDriver programs={programs} />
      <MakersDrivers />
      <AddServer programs={programs} />
    </>
  );
}

function ProgramLine({ program }: { program: ProgramView }) {
  const { id, label, message, devices, lastWords } = program;
  return (
    <details class="fold">
      <summary class="device">
        <i class={`dot ${dots[program.state]}`} />
        <div>
          <b>{label}</b>
          <span>{figures(program).join(' · ')}</span>
          {message && program.state !== 'running' && <em>{message}</em>}
        </div>
      </summary>
      <div class="folded">
        <p class="hint">
          {devices.length > 0 ? `Brings ${devices.join(', ')}.` : 'Brings no device so far.'}
        </p>
        {lastWords.length > 0 && <pre>{lastWords.join('\n')}</pre>}
        <div class="pair">
          <button type="button" onClick={() => ask(`programs/${id}/restart`)}>
            Restart
          </button>
          <SureButton
            label="Remove"
            sure="Remove it?"
            act={() => void ask(`programs/${id}`, undefined, 'DELETE')}
          />
        </div>
      </div>
    </details>
  );
}

function figures({ kind, state: at, cpuPercent, residentBytes, restarts }: ProgramView): string[] {
  return [
    kind === 'remote' && at === 'running' ? 'joined' : words[at],
    at === 'running' && cpuPercent !== undefined && `${cpuPercent} % CPU`,
    at === 'running' &&
      residentBytes !== undefined &&
      residentBytes > 0 &&
      `${Math.round(residentBytes / 1e6)} MB`,
    restarts > 0 &&
      `${kind === 'remote' ? 'tried' : 'restarted'} ${restarts === 1 ? 'once' : `${restarts} times`}`,
  ].filter((text) => text !== false);
}
