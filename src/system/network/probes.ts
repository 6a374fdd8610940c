/** What a system asks to find out whether a network leads into the internet, and what it hears where that is so. */
export interface Probe {
  readonly hosts: readonly string[];
  /** Any, where there are none. */
  readonly paths?: readonly string[];
  /** Absent: status 204, No Content. */
  readonly content?: { readonly type: string; readonly body: string };
}

const APPLE_SUCCESS = '<HTML><HEAD><TITLE>Success</TITLE></HEAD><BODY>Success</BODY></HTML>\n';

/**
 * All are answered as if they had got through. No answer, or another one, makes phones show a sign-in page that dies
 * with its window, or drop the network. Whether Android keeps it silently depends on a second probe by HTTPS to
 * www.google.com, which nobody else can answer: it says "limited connection" once and asks whether to stay. That name
 * is left unresolved, so that it fails at once and nothing else of Google's breaks.
 */
export const probes: readonly Probe[] = [
  {
    hosts: [
      'captive.apple.com',
      'www.appleiphonecell.com',
      'www.airport.us',
      'www.ibook.info',
      'www.itools.info',
      'www.thinkdifferent.us',
    ],
    content: { type: 'text/html', body: APPLE_SUCCESS },
  },
  {
    hosts: [
      'connectivitycheck.gstatic.com',
      'connectivitycheck.android.com',
      'clients3.google.com',
      'connectivitycheck.platform.hicloud.com',
      'connect.rom.miui.com',
    ],
    paths: ['/generate_204', '/gen_204'],
  },
  {
    hosts: ['www.msftconnecttest.com', 'ipv6.msftconnecttest.com'],
    paths: ['/connecttest.txt'],
    content: { type: 'text/plain', body: 'Microsoft Connect Test' },
  },
  {
    hosts: ['www.msftncsi.com'],
    paths: ['/ncsi.txt'],
    content: { type: 'text/plain', body: 'Microsoft NCSI' },
  },
  {
    hosts: ['detectportal.firefox.com'],
    paths: ['/success.txt'],
    content: { type: 'text/plain', body: 'success\n' },
  },
  {
    hosts: ['detectportal.firefox.com'],
    paths: ['/canonical.html'],
    content: {
      type: 'text/html',
      body: '<meta http-equiv="refresh" content="0;url=https://support.mozilla.org/kb/captive-portal"/>',
    },
  },
  {
    hosts: ['nmcheck.gnome.org'],
    paths: ['/check_network_status.txt'],
    content: { type: 'text/plain', body: 'NetworkManager is online\n' },
  },
  {
    hosts: ['network-test.debian.org'],
    paths: ['/nm'],
    content: { type: 'text/plain', body: 'NetworkManager is online\n' },
  },
];

export const probeHosts: readonly string[] = [...new Set(probes.flatMap(({ hosts }) => hosts))];

/** @param host without port, in small letters */
export const probeFor = (host: string, path: string): Probe | undefined =>
  probes.find(({ hosts, paths }) => hosts.includes(host) && (paths?.includes(path) ?? true));
