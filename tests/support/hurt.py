#!/usr/bin/env python3
"""hurt.py HOW FILE [NUMBER]: damage a journal file (systemd.io/JOURNAL_FILE_FORMAT) as a disk does.

    zero PERCENT    a page of nothing, so far behind the first entry
    array           a page of nothing where the list of all entries begins
    tail PERCENT    nothing from there on, as a file system leaves it that lost power
    cut PERCENT     a copy that ended there
    flip SEED       200 bits of what is behind the first entry
    number K        the K-th entry's number becomes one that no file can have"""
import random
import struct
import sys

PAGE = 4096
AT_TAIL_OBJECT, AT_ARRAY = 136, 176


def u64(data, at):
    return struct.unpack_from("<Q", data, at)[0]


def entries(data):
    """Where each entry is, by the list of them: object heads have 16 bytes, a list the next one's place."""
    array, compact = u64(data, AT_ARRAY), data[12] & 16
    while array:
        size, next_array = u64(data, array + 8), u64(data, array + 16)
        for at in range(array + 24, array + size, 4 if compact else 8):
            entry = struct.unpack_from("<I", data, at)[0] if compact else u64(data, at)
            if entry == 0:
                return
            yield entry
        array = next_array


def main():
    how, path, number = sys.argv[1], sys.argv[2], int((sys.argv + ["0"])[3])
    with open(path, "rb") as file:
        data = bytearray(file.read())
    first, last = u64(data, AT_ARRAY), u64(data, AT_TAIL_OBJECT)
    at = (first + (last - first) * number // 100) & ~(PAGE - 1)
    if how == "zero":
        data[at:at + PAGE] = bytes(PAGE)
    elif how == "array":
        data[first & ~(PAGE - 1):(first & ~(PAGE - 1)) + PAGE] = bytes(PAGE)
    elif how == "tail":
        data[at:] = bytes(len(data) - at)
    elif how == "cut":
        del data[at:]
    elif how == "flip":
        r = random.Random(number)
        for _ in range(200):
            data[r.randrange(first, last)] ^= 1 << r.randrange(8)
    elif how == "number":
        data[list(entries(data))[number] + 16 + 3] ^= 2
    else:
        sys.exit(__doc__)
    with open(path, "wb") as file:
        file.write(data)


if __name__ == "__main__":
    main()
