#pragma once

/* Open a path below a directory as if that were "/": absolute symbolic links and ".." stay
 * inside, as after chroot(2). Where the kernel has no openat2(2) (before Linux 5.6) links
 * are followed as always.
 *
 * root:  an open directory. path: absolute or not. flags: open(2)'s, O_CLOEXEC is added; no
 *        O_CREAT.
 * The descriptor, or -errno. Threads: pure but for the file system. */
int tell_open_in_root(int root, const char *path, int flags);
