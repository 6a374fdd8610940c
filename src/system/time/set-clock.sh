#!/bin/bash
# Sets the clock to what the server was told by a person's phone, a GPS or a battery-backed clock: root's side of it.
# The request is one line: UTC in milliseconds, /proc/uptime at which it was that time, who says so. A request is data
# from a less trusted user: it is judged here, and removed whatever becomes of it.
set -euo pipefail

request=${1:-/run/nightjar/clock}
here=$(dirname "$(readlink -f "$0")")

refuse() {
  echo "the clock stays as it is: $1" >&2
  exit 0
}

[[ -f $request && ! -L $request ]] || refuse 'nobody asks'
read -r utc then source _ < "$request" || true
rm -f "$request"
[[ ${utc:-} =~ ^[1-9][0-9]{11,12}$ && ${then:-} =~ ^[0-9]{1,9}\.[0-9]{2}$ && ${source:-} =~ ^(person|gps|rtc)$ ]] ||
  refuse 'the request makes no sense'

# chronyd knows better, once it has a reference: not its own clock, 127.127.1.1.
tracking=$(chronyc -n -c tracking 2> /dev/null || true)
if [[ $tracking == *,* && $tracking != *'Not synchronised'* && $tracking != 00000000,* && $tracking != 7F7F0101,* ]]; then
  refuse 'chronyd keeps it'
fi

# What has passed since then, in hundredths of a second; leading zeros are no octal numbers.
read -r now _ < /proc/uptime
late=$((10#${now/./} - 10#${then/./}))
((late >= 0 && late <= 6000)) || refuse 'the request is old'
utc=$((utc + late * 10))

# Nothing was built after now, and no unit lives to 2100.
built=${NIGHTJAR_BUILT:-$(stat -c %Y "$here/../nightjar.mjs" 2> /dev/null || echo 1767225600)}
((utc >= built * 1000 && utc < 4102444800000)) || refuse "$((utc / 1000)) s since 1970 is no time for this unit"

date --utc --set "@$((utc / 1000)).$(printf '%03d' $((utc % 1000)))" > /dev/null
echo "the clock was set to $(date --utc --iso-8601=seconds), by $source"
if [[ -e ${NIGHTJAR_RTC:-/dev/rtc0} && $source != rtc ]]; then
  hwclock --systohc --utc --noadjfile || echo 'the battery-backed clock could not be set' >&2
fi
