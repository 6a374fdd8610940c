#!/bin/bash
# usb-network.sh start|stop: the board as a network card (NCM) to the computer or phone at the other end of its USB cable.
# NCM needs no driver on Linux, macOS, iOS, Android and Windows 11; the descriptor below names it to Windows 10.
set -euo pipefail
gadget=/sys/kernel/config/usb_gadget/nightjar

stop() {
  [ -d $gadget ] || return 0
  echo >$gadget/UDC || true
  rm -f $gadget/configs/c.1/ncm.usb0 $gadget/os_desc/c.1
  rmdir $gadget/configs/c.1/strings/0x409 $gadget/configs/c.1 $gadget/functions/ncm.usb0 $gadget/strings/0x409 $gadget
}

start() {
  local controller serial
  controller=$(find /sys/class/udc -mindepth 1 -printf '%f\n' | sort | head -n 1)
  [ -n "$controller" ] || exit 0
  modprobe libcomposite
  mountpoint -q /sys/kernel/config || mount -t configfs configfs /sys/kernel/config
  stop
  # The same addresses at every start, so that the other side does not meet a new network each time.
  serial=$(sha256sum /etc/machine-id | cut -c1-10)
  mkdir -p $gadget/{strings/0x409,configs/c.1/strings/0x409,functions/ncm.usb0}
  cd $gadget
  echo 0x1d6b >idVendor # Linux Foundation
  echo 0x0104 >idProduct # multifunction composite gadget
  echo 0x0200 >bcdUSB
  echo Nightjar >strings/0x409/manufacturer
  echo 'Nightjar network' >strings/0x409/product
  echo "$serial" >strings/0x409/serialnumber
  echo 'Network' >configs/c.1/strings/0x409/configuration
  echo 250 >configs/c.1/MaxPower
  # shellcheck disable=SC2001 # pairs of digits
  echo "02:$(echo "$serial" | sed 's/../&:/g; s/:$//')" >functions/ncm.usb0/dev_addr
  # shellcheck disable=SC2001
  echo "06:$(echo "$serial" | sed 's/../&:/g; s/:$//')" >functions/ncm.usb0/host_addr
  if [ -d functions/ncm.usb0/os_desc/interface.ncm ]; then
    echo WINNCM >functions/ncm.usb0/os_desc/interface.ncm/compatible_id
    echo 1 >os_desc/use
    echo 0xcd >os_desc/b_vendor_code
    echo MSFT100 >os_desc/qw_sign
    ln -s configs/c.1 os_desc/c.1
  fi
  ln -s functions/ncm.usb0 configs/c.1/
  echo "$controller" >UDC
}

"$1"
