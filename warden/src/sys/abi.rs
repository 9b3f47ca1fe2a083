//! The numbers and structures of Linux that this program uses.

use std::ffi::{c_int, c_long, c_uint, c_ulong, c_void};

pub const EPERM: c_int = 1;
pub const ENOENT: c_int = 2;
pub const EINTR: c_int = 4;
pub const ENXIO: c_int = 6;
pub const EAGAIN: c_int = 11;
pub const EACCES: c_int = 13;
pub const EINVAL: c_int = 22;
pub const EEXIST: c_int = 17;
pub const ELOOP: c_int = 40;
pub const EXDEV: c_int = 18;
pub const ENOTDIR: c_int = 20;
pub const EISDIR: c_int = 21;
pub const ENOTTY: c_int = 25;
pub const EROFS: c_int = 30;
pub const ENOSYS: c_int = 38;
pub const ESTALE: c_int = 116;

pub const O_WRONLY: c_int = 0o1;
pub const O_CREAT: c_int = 0o100;
pub const O_EXCL: c_int = 0o200;
pub const O_NOCTTY: c_int = 0o400;
pub const O_APPEND: c_int = 0o2000;
pub const O_NONBLOCK: c_int = 0o4000;
pub const O_CLOEXEC: c_int = 0o2000000;
pub const O_PATH: c_int = 0o10000000;
#[cfg(target_arch = "x86_64")]
pub const O_DIRECTORY: c_int = 0o200000;
#[cfg(target_arch = "aarch64")]
pub const O_DIRECTORY: c_int = 0o40000;
#[cfg(target_arch = "x86_64")]
pub const O_NOFOLLOW: c_int = 0o400000;
#[cfg(target_arch = "aarch64")]
pub const O_NOFOLLOW: c_int = 0o100000;

/// The longest path, with its end.
pub const PATH_MAX: usize = 4096;

pub const AT_FDCWD: c_int = -100;
pub const AT_EMPTY_PATH: c_int = 0x1000;
pub const AT_RECURSIVE: c_int = 0x8000;

pub const F_SETFL: c_int = 4;
pub const F_DUPFD_CLOEXEC: c_int = 1030;

pub const SIGKILL: c_int = 9;
pub const SIGCHLD: c_int = 17;
pub const SIG_SETMASK: c_int = 2;
pub const SIG_DFL: usize = 0;
/// How many signals there are; the last is this number.
pub const SIGNALS: c_int = 64;
pub const SFD_CLOEXEC: c_int = O_CLOEXEC;
pub const SFD_NONBLOCK: c_int = O_NONBLOCK;
pub const WNOHANG: c_int = 1;
pub const WEXITED: c_int = 4;
pub const WNOWAIT: c_int = 0x0100_0000;
pub const P_ALL: c_int = 0;
/// Children of every kind, whatever signal tells of their end.
pub const WALL: c_int = 0x4000_0000;

pub const MSG_NOSIGNAL: c_int = 0x4000;
pub const MSG_CMSG_CLOEXEC: c_int = 0x4000_0000;
pub const MSG_TRUNC: c_int = 0x20;
pub const MSG_CTRUNC: c_int = 0x8;
pub const SOL_SOCKET: c_int = 1;
pub const SCM_RIGHTS: c_int = 1;
pub const POLLIN: i16 = 1;
pub const POLLRDHUP: i16 = 0x2000;

pub const AF_UNIX: c_int = 1;
pub const AF_INET: c_int = 2;
pub const AF_INET6: c_int = 10;
pub const AF_NETLINK: c_int = 16;
pub const SOCK_STREAM: c_int = 1;
pub const SOCK_DGRAM: c_int = 2;
pub const SOCK_SEQPACKET: c_int = 5;
/// The bits of a socket's type beside `SOCK_NONBLOCK` and `SOCK_CLOEXEC`.
pub const SOCK_TYPE_MASK: c_uint = 0xf;
pub const IPPROTO_TCP: c_int = 6;
pub const IPPROTO_UDP: c_int = 17;
pub const TCP_ULP: c_int = 31;
pub const MSG_FASTOPEN: c_int = 0x2000_0000;

pub const CLONE_VM: c_int = 0x100;
pub const CLONE_VFORK: c_int = 0x4000;
pub const CLONE_PARENT: c_int = 0x8000;
pub const CLONE_NEWNS: c_int = 0x2_0000;
pub const CLONE_NEWCGROUP: c_int = 0x200_0000;
pub const CLONE_NEWUTS: c_int = 0x400_0000;
pub const CLONE_NEWIPC: c_int = 0x800_0000;
pub const CLONE_NEWUSER: c_int = 0x1000_0000;
pub const CLONE_NEWPID: c_int = 0x2000_0000;
pub const CLONE_NEWNET: c_int = 0x4000_0000;

pub const MS_RDONLY: c_ulong = 1;
pub const MS_NOSUID: c_ulong = 2;
pub const MS_NODEV: c_ulong = 4;
pub const MS_NOEXEC: c_ulong = 8;
pub const MS_REC: c_ulong = 0x4000;
pub const MS_PRIVATE: c_ulong = 0x4_0000;
pub const MNT_DETACH: c_int = 2;
pub const OPEN_TREE_CLONE: c_int = 1;
pub const MOVE_MOUNT_F_EMPTY_PATH: c_int = 0x4;
pub const MOVE_MOUNT_T_EMPTY_PATH: c_int = 0x40;
pub const FSOPEN_CLOEXEC: c_uint = 1;
pub const FSMOUNT_CLOEXEC: c_uint = 1;
pub const FSCONFIG_SET_STRING: c_uint = 1;
pub const FSCONFIG_CMD_CREATE: c_uint = 6;
pub const MOUNT_ATTR_RDONLY: u64 = 1;
pub const MOUNT_ATTR_NOSUID: u64 = 2;
pub const MOUNT_ATTR_NODEV: u64 = 4;
pub const MOUNT_ATTR_NOEXEC: u64 = 8;

pub const RESOLVE_NO_MAGICLINKS: u64 = 0x2;
pub const RESOLVE_NO_SYMLINKS: u64 = 0x4;

pub const PR_SET_PDEATHSIG: c_int = 1;
pub const PR_SET_DUMPABLE: c_int = 4;
pub const PR_SET_NAME: c_int = 15;
pub const PR_GET_SECCOMP: c_int = 21;
pub const PR_CAPBSET_DROP: c_int = 24;
pub const PR_SET_SECUREBITS: c_int = 28;
pub const PR_SET_CHILD_SUBREAPER: c_int = 36;
pub const PR_SET_NO_NEW_PRIVS: c_int = 38;
pub const PR_GET_NO_NEW_PRIVS: c_int = 39;
pub const PR_CAP_AMBIENT: c_int = 47;
pub const PR_CAP_AMBIENT_CLEAR_ALL: c_ulong = 4;
/// `SECBIT_NOROOT`, `SECBIT_NO_SETUID_FIXUP` and `SECBIT_NO_CAP_AMBIENT_RAISE`, each with its lock.
pub const SECUREBITS: c_ulong = 0b1100_1111;
pub const CAPABILITY_VERSION_3: u32 = 0x2008_0522;
pub const RLIMIT_CPU: c_int = 0;
pub const RLIMIT_FSIZE: c_int = 1;
pub const RLIMIT_CORE: c_int = 4;
pub const RLIMIT_NPROC: c_int = 6;
pub const RLIMIT_NOFILE: c_int = 7;
pub const RLIMIT_AS: c_int = 9;
pub const RLIMIT_LOCKS: c_int = 10;
pub const SECCOMP_MODE_FILTER: c_int = 2;
pub const SECCOMP_SET_MODE_FILTER: c_uint = 1;
pub const SECCOMP_FILTER_FLAG_SPEC_ALLOW: c_uint = 4;

pub const LANDLOCK_CREATE_RULESET_VERSION: c_uint = 1;
pub const LANDLOCK_RULE_PATH_BENEATH: c_uint = 1;
pub const LANDLOCK_RULE_NET_PORT: c_uint = 2;

pub const SYS_PIDFD_SEND_SIGNAL: c_long = 424;
pub const SYS_PIDFD_OPEN: c_long = 434;
pub const SYS_CLOSE_RANGE: c_long = 436;
pub const SYS_OPENAT2: c_long = 437;
pub const SYS_OPEN_TREE: c_long = 428;
pub const SYS_MOVE_MOUNT: c_long = 429;
pub const SYS_FSOPEN: c_long = 430;
pub const SYS_FSCONFIG: c_long = 431;
pub const SYS_FSMOUNT: c_long = 432;
pub const SYS_MOUNT_SETATTR: c_long = 442;
pub const SYS_LANDLOCK_CREATE_RULESET: c_long = 444;
pub const SYS_LANDLOCK_ADD_RULE: c_long = 445;
pub const SYS_LANDLOCK_RESTRICT_SELF: c_long = 446;

/// The numbers that differ between architectures.
#[cfg(target_arch = "x86_64")]
mod number {
    use std::ffi::c_long;
    pub const SYS_CLONE: c_long = 56;
    pub const SYS_CAPGET: c_long = 125;
    pub const SYS_CAPSET: c_long = 126;
    pub const SYS_PIVOT_ROOT: c_long = 155;
    pub const SYS_GETDENTS64: c_long = 217;
    pub const SYS_PRLIMIT64: c_long = 302;
    pub const SYS_SECCOMP: c_long = 317;
    pub const SYS_EXECVEAT: c_long = 322;
}

/// The numbers that differ between architectures.
#[cfg(target_arch = "aarch64")]
mod number {
    use std::ffi::c_long;
    pub const SYS_CLONE: c_long = 220;
    pub const SYS_CAPGET: c_long = 90;
    pub const SYS_CAPSET: c_long = 91;
    pub const SYS_PIVOT_ROOT: c_long = 41;
    pub const SYS_GETDENTS64: c_long = 61;
    pub const SYS_PRLIMIT64: c_long = 261;
    pub const SYS_SECCOMP: c_long = 277;
    pub const SYS_EXECVEAT: c_long = 281;
}

pub use number::{
    SYS_CAPGET, SYS_CAPSET, SYS_CLONE, SYS_EXECVEAT, SYS_GETDENTS64, SYS_PIVOT_ROOT, SYS_PRLIMIT64,
    SYS_SECCOMP,
};

/// `struct open_how` of openat2(2).
#[repr(C)]
pub struct OpenHow {
    pub flags: u64,
    pub mode: u64,
    pub resolve: u64,
}

/// `struct mount_attr` of mount_setattr(2).
#[repr(C)]
#[derive(Default)]
pub struct MountAttr {
    pub set: u64,
    pub clear: u64,
    pub propagation: u64,
    pub user_namespace: u64,
}

/// `struct landlock_ruleset_attr`.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct RulesetAttr {
    pub files: u64,
    pub network: u64,
    pub scoped: u64,
}

/// `struct landlock_path_beneath_attr`.
#[repr(C, packed)]
pub struct PathBeneath {
    pub allowed: u64,
    pub parent: c_int,
}

/// `struct landlock_net_port_attr`.
#[repr(C)]
pub struct NetPort {
    pub allowed: u64,
    pub port: u64,
}

/// `struct sock_filter` of seccomp(2): one instruction.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Instruction {
    pub code: u16,
    pub if_true: u8,
    pub if_false: u8,
    pub value: u32,
}

/// `struct sock_fprog`.
#[repr(C)]
pub struct Filter {
    pub length: u16,
    pub instructions: *const Instruction,
}

/// `struct iovec`.
#[repr(C)]
pub struct IoVec {
    pub base: *mut c_void,
    pub length: usize,
}

/// `struct msghdr`, as the kernel has it on 64-bit machines.
#[repr(C)]
pub struct MsgHdr {
    pub name: *mut c_void,
    pub name_length: u32,
    pub parts: *mut IoVec,
    pub part_count: usize,
    pub control: *mut c_void,
    pub control_length: usize,
    pub flags: c_int,
}

/// `struct cmsghdr`, as the kernel has it on 64-bit machines.
#[repr(C)]
#[derive(Clone, Copy)]
pub struct CMsgHdr {
    pub length: usize,
    pub level: c_int,
    pub kind: c_int,
}

/// `struct pollfd`.
#[repr(C)]
pub struct PollFd {
    pub fd: c_int,
    pub events: i16,
    pub revents: i16,
}

/// `struct timeval`.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct TimeVal {
    pub seconds: i64,
    pub micros: i64,
}

/// `struct rusage`: the fields that are used, and the room of the others.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct RUsage {
    pub user: TimeVal,
    pub system: TimeVal,
    pub max_resident_kib: i64,
    pub others: [i64; 13],
}

/// `struct rlimit`.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RLimit {
    pub soft: u64,
    pub hard: u64,
}

/// `struct __user_cap_header_struct`.
#[repr(C)]
pub struct CapHeader {
    pub version: u32,
    pub pid: c_int,
}

/// `struct __user_cap_data_struct`.
#[repr(C)]
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct CapData {
    pub effective: u32,
    pub permitted: u32,
    pub inheritable: u32,
}

/// `sigset_t`, with the room that the C libraries give it.
#[repr(C)]
#[derive(Clone, Copy, Default)]
pub struct SigSet(pub [u64; 16]);

#[cfg(test)]
mod tests;
