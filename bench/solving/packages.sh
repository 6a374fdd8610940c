#!/usr/bin/env bash
# Data out of Debian packages that solvers are compared by, only fetched into .cache, never installed: Tycho-2 as
# astrometry.net's index files, and Stellarium's photographs. What cannot be had is left out, with a word.
set -u
cd "$(dirname "$0")/../.." && mkdir -p .cache && cd .cache || exit 0
command -v apt-get >/dev/null || { echo 'skipped: no apt-get to fetch what solvers are compared by'; exit 0; }
for package in astrometry-data-tycho2-{07,08,09,10-19}-littleendian stellarium-data; do
  compgen -G "${package}_*.deb" >/dev/null || timeout 600 apt-get download -qq "$package" >/dev/null 2>&1 ||
    { echo "skipped: $package could not be fetched"; continue; }
  case $package in
  astrometry-data-*) [ -e "tycho2/usr/share/doc/$package" ] || dpkg-deb -x "${package}"_*.deb tycho2 ;;
  esac
done
exit 0
