#!/usr/bin/env bash
# Debian packages that tests use as judges. Installed only by root (or password-less sudo); tests skip without them.
set -u
wanted=(indi-bin libcfitsio-bin fitsverify python3-astropy python3-ccdproc chromium socat rawtran-doc dcraw clang lld)
case "${1:-}" in
  # A desktop program, to be a client of ours: only the full form of the suites brings it along.
  full) wanted+=(kstars kstars-data breeze-icon-theme xvfb dbus-daemon) ;;
  # What image analysis is measured against, and photographs of known origin.
  bench) wanted+=(astrometry.net astap-cli source-extractor python3-sep python3-pil python-drizzle-testdata eso-midas-testdata) ;;
esac
missing=()
for package in "${wanted[@]}"; do
  dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q 'ok installed' || missing+=("$package")
done
[ ${#missing[@]} -gt 0 ] || exit 0
command -v apt-get >/dev/null || { echo "skipped: no apt-get to install ${missing[*]}; tests that need them skip"; exit 0; }
if [ "$(id -u)" = 0 ]; then as_root=(); elif sudo -n true 2>/dev/null; then as_root=(sudo -n); else
  echo "skipped: not root, so ${missing[*]} cannot be installed; tests that need them skip"
  exit 0
fi
echo "installing ${missing[*]}"
"${as_root[@]}" apt-get update -qq >/dev/null 2>&1
# One by one where the lot fails: a package that this release lacks must not cost the others.
"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null 2>&1 ||
  for package in "${missing[@]}"; do
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 ||
      echo "skipped: $package could not be installed; tests that need it skip"
  done
exit 0
