# What 01-run.sh has fetched and checked, if it was asked to.
if [ -d /root/vendor-drivers ]; then
	dpkg --install /root/vendor-drivers/*.deb
	rm -r /root/vendor-drivers
fi
