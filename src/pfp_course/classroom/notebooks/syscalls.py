"""The kernel calls that a student's code has no use for, as a filter for bubblewrap.

They are those that keep memory outside every limit (``memfd_create``, System V segments), open
further namespaces or mounts, or look into other processes.
"""

import errno
import platform
import struct

__all__ = ["program"]

# Numbers of the Linux kernel's tables for x86_64 and for aarch64.
_DENIED = {
    "add_key": (248, 217),
    "bpf": (321, 280),
    "chroot": (161, 51),
    "fanotify_init": (300, 262),
    "finit_module": (313, 273),
    "fsmount": (432, 432),
    "fsopen": (430, 430),
    "init_module": (175, 105),
    "io_uring_setup": (425, 425),
    "kexec_load": (246, 104),
    "keyctl": (250, 219),
    "memfd_create": (319, 279),
    "memfd_secret": (447, 447),
    "mount": (165, 40),
    "mount_setattr": (442, 442),
    "move_mount": (429, 429),
    "msgget": (68, 186),
    "open_by_handle_at": (304, 265),
    "open_tree": (428, 428),
    "perf_event_open": (298, 241),
    "pidfd_getfd": (438, 438),
    "pivot_root": (155, 41),
    "process_vm_readv": (310, 270),
    "process_vm_writev": (311, 271),
    "ptrace": (101, 117),
    "quotactl": (179, 60),
    "request_key": (249, 218),
    "setns": (308, 268),
    "shmget": (29, 194),
    "umount2": (166, 39),
    "unshare": (272, 97),
    "userfaultfd": (323, 282),
}
_CLONE, _CLONE3, _SOCKET = (56, 220), (435, 435), (41, 198)
_ARCHITECTURES = {"x86_64": (0, 0xC000003E), "aarch64": (1, 0xC00000B7)}
_NEW_NAMESPACES = 0x7E020000
_FAMILIES = (1, 2, 10, 16)  # UNIX, INET, INET6, NETLINK: none leaves the sandbox's own network

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _REFUSE, _KILL = 0x7FFF0000, 0x00050000, 0x80000000
_NUMBER, _ARCHITECTURE, _FIRST_ARGUMENT = 0, 4, 16


def program(machine: str | None = None) -> bytes:
    """Return the filter as bytes for ``bwrap --seccomp``; empty on a machine it does not know."""
    known = _ARCHITECTURES.get(machine or platform.machine())
    if known is None:
        return b""
    column, architecture = known
    steps = [
        _step(_LOAD, _ARCHITECTURE),
        _step(_EQUAL, architecture, 1, 0),
        _step(_RETURN, _KILL),
        _step(_LOAD, _NUMBER),
        # The calls of x32 are the same ones under other numbers.
        _step(_AT_LEAST, 0x40000000, 0, 1),
        _step(_RETURN, _REFUSE | errno.EPERM),
    ]
    for numbers in _DENIED.values():
        steps += [
            _step(_EQUAL, numbers[column], 0, 1),
            _step(_RETURN, _REFUSE | errno.EPERM),
        ]
    # Its flags lie in memory, where a filter cannot read them; libraries fall back to clone.
    steps += [_step(_EQUAL, _CLONE3[column], 0, 1), _step(_RETURN, _REFUSE | errno.ENOSYS)]
    steps += [
        _step(_EQUAL, _CLONE[column], 0, 4),
        _step(_LOAD, _FIRST_ARGUMENT),
        _step(_ANY_BIT, _NEW_NAMESPACES, 0, 1),
        _step(_RETURN, _REFUSE | errno.EPERM),
        _step(_RETURN, _ALLOW),
    ]
    families = [
        _step(_EQUAL, family, len(_FAMILIES) - place, 0) for place, family in enumerate(_FAMILIES)
    ]
    steps += [
        _step(_EQUAL, _SOCKET[column], 0, len(families) + 2),
        _step(_LOAD, _FIRST_ARGUMENT),
        *families,
        _step(_RETURN, _REFUSE | errno.EAFNOSUPPORT),
        _step(_RETURN, _ALLOW),
    ]
    return b"".join(steps)


def _step(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("HBBI", code, if_true, if_false, value)
