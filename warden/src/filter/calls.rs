//! The calls that are refused, by their numbers.

/// The newest call that was looked at (Linux 6.15). Newer ones are answered as if they did not
/// exist, as every program expects of an older kernel.
pub const NEWEST: u32 = 467;

/// A list of calls: those that every architecture has, each with its number on x86-64 and on
/// 64-bit ARM, and those that only x86-64 has.
macro_rules! list {
    ($(#[$doc:meta])* $list:ident; $($name:ident $x86:literal $arm:literal,)*; $($old:ident $only:literal,)*) => {
        $(#[$doc])*
        #[cfg(target_arch = "x86_64")]
        pub const $list: &[u32] = &[$($x86,)* $($only,)*];
        $(#[$doc])*
        #[cfg(target_arch = "aarch64")]
        pub const $list: &[u32] = &[$($arm,)*];
        /// The numbers are those of the libc crate.
        #[cfg(all(test, target_arch = "x86_64"))]
        const _: () = {
            $(assert!(libc::$name == $x86);)*
            $(assert!(libc::$old == $only);)*
        };
        /// The numbers are those of the libc crate.
        #[cfg(all(test, target_arch = "aarch64"))]
        const _: () = {
            $(assert!(libc::$name == $arm);)*
        };
    };
}

list! {
    /// Answered as if it did not exist, so that programs use clone(2), whose flags can be looked at.
    MISSING;
    SYS_clone3 435 435,;
}

list! {
    /// Refused in every world.
    FORBIDDEN;
    SYS_ptrace 101 117,
    SYS_process_vm_readv 310 270,
    SYS_process_vm_writev 311 271,
    SYS_process_madvise 440 440,
    SYS_process_mrelease 448 448,
    SYS_kcmp 312 272,
    SYS_pidfd_getfd 438 438,
    SYS_migrate_pages 256 238,
    SYS_move_pages 279 239,
    SYS_unshare 272 97,
    SYS_setns 308 268,
    SYS_mount 165 40,
    SYS_umount2 166 39,
    SYS_pivot_root 155 41,
    SYS_chroot 161 51,
    SYS_open_tree 428 428,
    SYS_move_mount 429 429,
    SYS_fsopen 430 430,
    SYS_fsconfig 431 431,
    SYS_fsmount 432 432,
    SYS_fspick 433 433,
    SYS_mount_setattr 442 442,
    SYS_open_by_handle_at 304 265,
    SYS_name_to_handle_at 303 264,
    SYS_fanotify_init 300 262,
    SYS_fanotify_mark 301 263,
    SYS_quotactl 179 60,
    SYS_quotactl_fd 443 443,
    SYS_io_uring_setup 425 425,
    SYS_io_uring_enter 426 426,
    SYS_io_uring_register 427 427,
    SYS_userfaultfd 323 282,
    SYS_bpf 321 280,
    SYS_perf_event_open 298 241,
    SYS_keyctl 250 219,
    SYS_add_key 248 217,
    SYS_request_key 249 218,
    SYS_kexec_load 246 104,
    SYS_kexec_file_load 320 294,
    SYS_init_module 175 105,
    SYS_finit_module 313 273,
    SYS_delete_module 176 106,
    SYS_reboot 169 142,
    SYS_swapon 167 224,
    SYS_swapoff 168 225,
    SYS_acct 163 89,
    SYS_syslog 103 116,
    SYS_vhangup 153 58,
    SYS_settimeofday 164 170,
    SYS_clock_settime 227 112,
    SYS_clock_adjtime 305 266,
    SYS_adjtimex 159 171,
    SYS_sethostname 170 161,
    SYS_setdomainname 171 162,
    SYS_lookup_dcookie 212 18,
    SYS_nfsservctl 180 42,;
    SYS_iopl 172,
    SYS_ioperm 173,
    SYS_modify_ldt 154,
    SYS_uselib 134,
    SYS_ustat 136,
    SYS_sysfs 139,
    SYS__sysctl 156,
}

list! {
    /// Refused where there is no tree of mounts: Landlock has no right for these, so that they would
    /// reach every file of the host's user; and what the IPC namespace would fence, by key and by
    /// number: numbers are small, and can be asked for.
    UNFENCED_BY_LANDLOCK;
    SYS_fchmod 91 52,
    SYS_fchmodat 268 53,
    SYS_fchown 93 55,
    SYS_fchownat 260 54,
    SYS_utimensat 280 88,
    SYS_setxattr 188 5,
    SYS_lsetxattr 189 6,
    SYS_fsetxattr 190 7,
    SYS_removexattr 197 14,
    SYS_lremovexattr 198 15,
    SYS_fremovexattr 199 16,
    SYS_inotify_init1 294 26,
    SYS_shmget 29 194,
    SYS_shmctl 31 195,
    SYS_shmat 30 196,
    SYS_msgget 68 186,
    SYS_msgctl 71 187,
    SYS_msgrcv 70 188,
    SYS_msgsnd 69 189,
    SYS_semget 64 190,
    SYS_semctl 66 191,
    SYS_semop 65 193,
    SYS_semtimedop 220 192,
    SYS_mq_open 240 180,
    SYS_mq_unlink 241 181,;
    SYS_chmod 90,
    SYS_chown 92,
    SYS_lchown 94,
    SYS_utime 132,
    SYS_utimes 235,
    SYS_futimesat 261,
    SYS_inotify_init 253,
}

/// More of the forbidden ones, which the libc crate does not know yet. New calls have the same
/// number everywhere.
pub const NEW_FORBIDDEN: &[u32] = &[STATMOUNT, LISTMOUNT, OPEN_TREE_ATTR];

/// More of those that Landlock has no right for.
pub const NEW_UNFENCED_BY_LANDLOCK: &[u32] = &[FCHMODAT2, SETXATTRAT, REMOVEXATTRAT];

const FCHMODAT2: u32 = 452;
const STATMOUNT: u32 = 457;
const LISTMOUNT: u32 = 458;
const SETXATTRAT: u32 = 463;
const REMOVEXATTRAT: u32 = 466;
const OPEN_TREE_ATTR: u32 = 467;

list! {
    /// Calls whose first argument is a process.
    ON_ONE_PROCESS;
    SYS_sched_setaffinity 203 122,
    SYS_sched_setscheduler 144 119,
    SYS_sched_setparam 142 118,
    SYS_sched_setattr 314 274,;
}

/// A call on processes, groups or users.
pub struct OnProcesses {
    pub number: u32,
    /// The first argument that says that the second is a process.
    pub process: u32,
    /// The first argument that says that the second is a user.
    pub user: u32,
}

/// One number, which differs between architectures.
const fn either(x86: u32, arm: u32) -> u32 {
    if cfg!(target_arch = "x86_64") {
        x86
    } else {
        arm
    }
}

/// Calls on processes, groups or users.
pub const ON_PROCESSES_OR_USERS: &[OnProcesses] = &[
    OnProcesses {
        number: SETPRIORITY,
        process: 0,
        user: 2,
    },
    OnProcesses {
        number: IOPRIO_SET,
        process: 1,
        user: 3,
    },
];

pub const CLONE: u32 = either(56, 220);
pub const PRLIMIT64: u32 = either(302, 261);
pub const SETRLIMIT: u32 = either(160, 164);
pub const PERSONALITY: u32 = either(135, 92);
pub const IOCTL: u32 = either(16, 29);
pub const FCNTL: u32 = either(72, 25);
pub const SOCKET: u32 = either(41, 198);
pub const SOCKETPAIR: u32 = either(53, 199);
pub const SETSOCKOPT: u32 = either(54, 208);
pub const OPENAT2: u32 = 437;
pub const LISTEN: u32 = either(50, 201);
const SETPRIORITY: u32 = either(141, 140);
const IOPRIO_SET: u32 = either(251, 30);
const SENDTO: u32 = either(44, 206);
const SENDMSG: u32 = either(46, 211);
const SENDMMSG: u32 = either(307, 269);

/// Calls that send, and which argument has the flags.
pub const SENDING: &[(u32, u32)] = &[(SENDTO, 3), (SENDMSG, 2), (SENDMMSG, 3)];

/// Requests of ioctl(2) that type into a terminal, or change what it is: `TIOCSTI`, `TIOCLINUX`,
/// `TIOCSETD` and `TIOCCONS`.
pub const TERMINAL_REQUESTS: &[u32] = &[0x5412, 0x541c, 0x5423, 0x541d];

/// Commands of fcntl(2) on leases: `F_SETLEASE`, and `F_NOTIFY`, which is refused with it.
pub const LEASES: &[u32] = &[1024, 1026];

/// Requests of ioctl(2) that programs make of files, pipes and sockets. File systems have many
/// others, which change a file that is open for reading only, and Landlock has no right for them.
pub const REQUESTS: &[u32] = &[
    0x5401,      // TCGETS
    0x802c_542a, // TCGETS2
    0x540f,      // TIOCGPGRP
    0x5411,      // TIOCOUTQ
    0x5413,      // TIOCGWINSZ
    0x541b,      // FIONREAD
    0x5421,      // FIONBIO
    0x5450,      // FIONCLEX
    0x5451,      // FIOCLEX
    0x5452,      // FIOASYNC
    0x5460,      // FIOQSIZE
    0x0002,      // FIGETBSZ
    0x8008_6601, // FS_IOC_GETFLAGS
    0x801c_581f, // FS_IOC_FSGETXATTR
    0xc020_660b, // FS_IOC_FIEMAP
    0x4004_9409, // FICLONE
    0x4020_940d, // FICLONERANGE
];

/// Requests that programs make of sockets to learn of the network (netdevice(7)).
pub const NETWORK_REQUESTS: &[u32] = &[
    0x8905, // SIOCATMARK
    0x8910, // SIOCGIFNAME
    0x8912, // SIOCGIFCONF
    0x8913, // SIOCGIFFLAGS
    0x8915, // SIOCGIFADDR
    0x8919, // SIOCGIFBRDADDR
    0x891b, // SIOCGIFNETMASK
    0x8921, // SIOCGIFMTU
    0x8927, // SIOCGIFHWADDR
    0x8933, // SIOCGIFINDEX
];

/// Calls that give a file its mode, and which argument has it.
#[cfg(target_arch = "x86_64")]
pub const WITH_MODE: &[(u32, u32)] = &[
    (90, 1),  // chmod
    (91, 1),  // fchmod
    (268, 2), // fchmodat
    (452, 2), // fchmodat2
    (85, 1),  // creat
    (133, 1), // mknod
    (259, 2), // mknodat
];
/// Calls that give a file its mode, and which argument has it.
#[cfg(target_arch = "aarch64")]
pub const WITH_MODE: &[(u32, u32)] = &[
    (52, 1),  // fchmod
    (53, 2),  // fchmodat
    (452, 2), // fchmodat2
    (33, 2),  // mknodat
];

/// Calls that open a file, and which argument has the flags: open and openat.
#[cfg(target_arch = "x86_64")]
pub const OPENING: &[(u32, u32)] = &[(2, 1), (257, 2)];
/// Calls that open a file, and which argument has the flags: openat.
#[cfg(target_arch = "aarch64")]
pub const OPENING: &[(u32, u32)] = &[(56, 2)];
