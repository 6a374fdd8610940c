/** The folder that the host of the VM lends: programs for tests, and where they leave what they have seen. */
export function share(): string {
  const folder = process.env.NIGHTJAR_HIL_SHARE;
  if (!folder) throw new Error('NIGHTJAR_HIL_SHARE names no folder: these suites run inside the VM');
  return folder;
}
