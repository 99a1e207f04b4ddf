# Stacks that every installation has, below the prefix; /etc/telltale.d is the administrator's.
dist_vendor_DATA += \
	pam-style-config/common-delivery \
	pam-style-config/common-redact \
	pam-style-config/other

# What an administrator copies from.
stacksdir = $(docdir)/stacks
dist_stacks_DATA = \
	pam-style-config/README.md \
	pam-style-config/examples/audit \
	pam-style-config/examples/checkout \
	pam-style-config/examples/container \
	pam-style-config/examples/development \
	pam-style-config/examples/queue \
	pam-style-config/examples/telltale-forward \
	pam-style-config/examples/watched \
	pam-style-config/examples/web
