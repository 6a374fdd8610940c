/** USB vendors of astronomy (by the udev rules of INDI's driver packages), and who brings the driver and its rule. */
export const makers: ReadonlyMap<number, { name: string; package: string }> = new Map([
  [0x03c3, { name: 'ZWO', package: 'indi-asi' }],
  [0x1618, { name: 'QHYCCD', package: 'indi-qhy' }],
  [0xa0a0, { name: 'Player One', package: 'indi-playerone' }],
  [0xf266, { name: 'SVBONY', package: 'indi-svbony' }],
  [0x0547, { name: 'ToupTek', package: 'indi-toupbase' }],
  [0x20e7, { name: 'Atik', package: 'indi-atik' }],
  [0x0f18, { name: 'FLI', package: 'indi-fli' }],
  [0x0d97, { name: 'SBIG', package: 'indi-sbig' }],
  [0x1278, { name: 'Starlight Xpress', package: 'indi-sx' }],
  [0x1347, { name: 'Moravian', package: 'indi-mi' }],
  [0x125c, { name: 'Apogee', package: 'indi-apogee' }],
  [0x04a9, { name: 'Canon', package: 'indi-gphoto' }],
  [0x04b0, { name: 'Nikon', package: 'indi-gphoto' }],
]);
