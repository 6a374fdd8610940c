systemctl enable nightjar-setup.service nightjar.service nightjar-console.service
systemctl set-default multi-user.target
# The screen shows how to join; nobody logs in there.
systemctl mask getty@tty1.service console-getty.service
# Nothing that writes to the root, reaches for the internet or takes the processor in the middle of a night. Some of these
# are Raspberry Pi OS's; masking what is not there does no harm.
systemctl mask apt-daily.timer apt-daily-upgrade.timer apt-daily.service apt-daily-upgrade.service dpkg-db-backup.timer \
	dpkg-db-backup.service e2scrub_all.timer e2scrub_reap.service man-db.timer logrotate.timer \
	sshd-keygen.service systemd-pcrphase.service systemd-firstboot.service systemd-growfs-root.service \
	regenerate_ssh_host_keys.service resize2fs_once.service rpi-resizerootfs.service userconfig.service sshswitch.service \
	cloud-init.service cloud-init-local.service cloud-config.service cloud-final.service rpi-eeprom-update.service \
	rpi-usb-gadget.service keyboard-setup.service console-setup.service bluetooth.service hciuart.service
# Kernel interfaces that nobody uses here, each a second of a small board's start.
systemctl mask systemd-binfmt.service proc-sys-fs-binfmt_misc.automount dev-hugepages.mount sys-kernel-debug.mount \
	sys-kernel-tracing.mount systemd-pstore.service systemd-hwdb-update.service systemd-journal-catalog-update.service \
	systemd-update-done.service systemd-sysusers.service ldconfig.service
