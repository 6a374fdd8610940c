# Fixed numbers: both slots of a card share the files in /data, whichever image made them.
for group in dialout plugdev gpio i2c spi netdev video; do
	groupadd -f -r "$group"
done
getent group nightjar >/dev/null || groupadd -r -g 900 nightjar
getent passwd nightjar >/dev/null ||
	useradd -r -u 900 -g nightjar -d /data/home/nightjar -M -s /usr/sbin/nologin -c 'Nightjar' nightjar
usermod -a -G dialout,plugdev,gpio,i2c,spi,netdev,video nightjar
# pi-gen makes its first user itself (FIRST_USER_NAME=owner).
getent passwd owner >/dev/null || useradd -u 1000 -U -M -s /bin/bash -c 'Owner of this unit' owner
usermod -d /data/home/owner owner
# No password anywhere: neither root's nor the owner's account opens without the owner's key.
usermod -p '!' root
usermod -p '*' owner
chmod 440 /etc/sudoers.d/nightjar
# systemd makes an SSH socket of its own where it finds sshd; ours is governed by the owner's key alone.
mkdir -p /etc/systemd/system-generators
ln -sf /dev/null /etc/systemd/system-generators/systemd-ssh-generator
