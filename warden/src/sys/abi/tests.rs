//! The numbers and structures are those of the libc crate. It has no Landlock.

/// Compares constants of ours with libc's.
macro_rules! same {
    ($($ours:ident = $theirs:ident,)*) => {
        $(assert_eq!(
            super::$ours as i128,
            libc::$theirs as i128,
            stringify!($ours)
        );)*
    };
}

#[test]
fn numbers_are_those_of_the_libc_crate() {
    same! {
        EPERM = EPERM,
        ELOOP = ELOOP,
        EEXIST = EEXIST,
        O_EXCL = O_EXCL,
        PATH_MAX = PATH_MAX,
        EXDEV = EXDEV,
        ENOTDIR = ENOTDIR,
        O_NOFOLLOW = O_NOFOLLOW,
        AF_UNIX = AF_UNIX,
        TCP_ULP = TCP_ULP,
        ENOENT = ENOENT,
        EINTR = EINTR,
        ENXIO = ENXIO,
        EAGAIN = EAGAIN,
        EACCES = EACCES,
        EINVAL = EINVAL,
        EISDIR = EISDIR,
        EROFS = EROFS,
        ENOSYS = ENOSYS,
        ESTALE = ESTALE,
        O_CREAT = O_CREAT,
        O_NOCTTY = O_NOCTTY,
        O_APPEND = O_APPEND,
        O_NONBLOCK = O_NONBLOCK,
        O_CLOEXEC = O_CLOEXEC,
        O_PATH = O_PATH,
        O_DIRECTORY = O_DIRECTORY,
        O_DIRECTORY = O_DIRECTORY,
        AT_FDCWD = AT_FDCWD,
        AT_EMPTY_PATH = AT_EMPTY_PATH,
        AT_RECURSIVE = AT_RECURSIVE,
        F_SETFL = F_SETFL,
        F_DUPFD_CLOEXEC = F_DUPFD_CLOEXEC,
        SIGKILL = SIGKILL,
        SIGCHLD = SIGCHLD,
        SIG_SETMASK = SIG_SETMASK,
        SIG_DFL = SIG_DFL,
        SFD_CLOEXEC = SFD_CLOEXEC,
        SFD_NONBLOCK = SFD_NONBLOCK,
        WNOHANG = WNOHANG,
        WEXITED = WEXITED,
        WNOWAIT = WNOWAIT,
        WALL = __WALL,
        P_PID = P_PID,
        MSG_NOSIGNAL = MSG_NOSIGNAL,
        MSG_CMSG_CLOEXEC = MSG_CMSG_CLOEXEC,
        MSG_TRUNC = MSG_TRUNC,
        MSG_CTRUNC = MSG_CTRUNC,
        SOL_SOCKET = SOL_SOCKET,
        SCM_RIGHTS = SCM_RIGHTS,
        POLLIN = POLLIN,
        AF_INET = AF_INET,
        AF_INET6 = AF_INET6,
        AF_NETLINK = AF_NETLINK,
        SOCK_STREAM = SOCK_STREAM,
        SOCK_DGRAM = SOCK_DGRAM,
        IPPROTO_TCP = IPPROTO_TCP,
        IPPROTO_UDP = IPPROTO_UDP,
        MSG_FASTOPEN = MSG_FASTOPEN,
        CLONE_VM = CLONE_VM,
        CLONE_VFORK = CLONE_VFORK,
        CLONE_PARENT = CLONE_PARENT,
        CLONE_NEWNS = CLONE_NEWNS,
        CLONE_NEWCGROUP = CLONE_NEWCGROUP,
        CLONE_NEWUTS = CLONE_NEWUTS,
        CLONE_NEWIPC = CLONE_NEWIPC,
        CLONE_NEWUSER = CLONE_NEWUSER,
        CLONE_NEWPID = CLONE_NEWPID,
        CLONE_NEWNET = CLONE_NEWNET,
        MS_RDONLY = MS_RDONLY,
        MS_NOSUID = MS_NOSUID,
        MS_NODEV = MS_NODEV,
        MS_NOEXEC = MS_NOEXEC,
        MS_REC = MS_REC,
        MS_PRIVATE = MS_PRIVATE,
        MNT_DETACH = MNT_DETACH,
        OPEN_TREE_CLONE = OPEN_TREE_CLONE,
        MOVE_MOUNT_F_EMPTY_PATH = MOVE_MOUNT_F_EMPTY_PATH,
        MOVE_MOUNT_T_EMPTY_PATH = MOVE_MOUNT_T_EMPTY_PATH,
        MOUNT_ATTR_RDONLY = MOUNT_ATTR_RDONLY,
        MOUNT_ATTR_NOSUID = MOUNT_ATTR_NOSUID,
        MOUNT_ATTR_NODEV = MOUNT_ATTR_NODEV,
        MOUNT_ATTR_NOEXEC = MOUNT_ATTR_NOEXEC,
        RESOLVE_NO_MAGICLINKS = RESOLVE_NO_MAGICLINKS,
        RESOLVE_NO_SYMLINKS = RESOLVE_NO_SYMLINKS,
        PR_SET_PDEATHSIG = PR_SET_PDEATHSIG,
        PR_SET_DUMPABLE = PR_SET_DUMPABLE,
        PR_SET_NAME = PR_SET_NAME,
        PR_GET_SECCOMP = PR_GET_SECCOMP,
        PR_CAPBSET_DROP = PR_CAPBSET_DROP,
        PR_SET_SECUREBITS = PR_SET_SECUREBITS,
        PR_SET_CHILD_SUBREAPER = PR_SET_CHILD_SUBREAPER,
        PR_SET_NO_NEW_PRIVS = PR_SET_NO_NEW_PRIVS,
        PR_GET_NO_NEW_PRIVS = PR_GET_NO_NEW_PRIVS,
        PR_CAP_AMBIENT = PR_CAP_AMBIENT,
        PR_CAP_AMBIENT_CLEAR_ALL = PR_CAP_AMBIENT_CLEAR_ALL,
        RLIMIT_CPU = RLIMIT_CPU,
        RLIMIT_FSIZE = RLIMIT_FSIZE,
        RLIMIT_CORE = RLIMIT_CORE,
        RLIMIT_NPROC = RLIMIT_NPROC,
        RLIMIT_NOFILE = RLIMIT_NOFILE,
        RLIMIT_AS = RLIMIT_AS,
        SECCOMP_MODE_FILTER = SECCOMP_MODE_FILTER,
        SECCOMP_SET_MODE_FILTER = SECCOMP_SET_MODE_FILTER,
        SECCOMP_FILTER_FLAG_SPEC_ALLOW = SECCOMP_FILTER_FLAG_SPEC_ALLOW,
        SYS_PIDFD_OPEN = SYS_pidfd_open,
        SYS_CLOSE_RANGE = SYS_close_range,
        SYS_OPENAT2 = SYS_openat2,
        SYS_OPEN_TREE = SYS_open_tree,
        SYS_MOVE_MOUNT = SYS_move_mount,
        SYS_FSOPEN = SYS_fsopen,
        SYS_FSCONFIG = SYS_fsconfig,
        SYS_FSMOUNT = SYS_fsmount,
        SYS_GETDENTS64 = SYS_getdents64,
        SYS_MOUNT_SETATTR = SYS_mount_setattr,
        SYS_LANDLOCK_CREATE_RULESET = SYS_landlock_create_ruleset,
        SYS_LANDLOCK_ADD_RULE = SYS_landlock_add_rule,
        SYS_LANDLOCK_RESTRICT_SELF = SYS_landlock_restrict_self,
        SYS_CAPGET = SYS_capget,
        SYS_CAPSET = SYS_capset,
        SYS_CLONE = SYS_clone,
        SYS_EXECVEAT = SYS_execveat,
        SYS_PIVOT_ROOT = SYS_pivot_root,
        SYS_SECCOMP = SYS_seccomp,
    }
}

/// Compares the size of a structure of ours with libc's, and where its fields are.
macro_rules! alike {
    ($($ours:ident = $theirs:ident { $($field:ident = $their_field:ident),* },)*) => {
        $(
            assert_eq!(size_of::<super::$ours>(), size_of::<libc::$theirs>(), stringify!($ours));
            $(assert_eq!(
                std::mem::offset_of!(super::$ours, $field),
                std::mem::offset_of!(libc::$theirs, $their_field),
                stringify!($ours.$field)
            );)*
        )*
    };
}

#[test]
fn structures_are_those_of_the_libc_crate() {
    alike! {
        OpenHow = open_how { flags = flags, mode = mode, resolve = resolve },
        MountAttr = mount_attr { set = attr_set, clear = attr_clr, propagation = propagation, user_namespace = userns_fd },
        Instruction = sock_filter { code = code, if_true = jt, if_false = jf, value = k },
        Filter = sock_fprog { length = len, instructions = filter },
        IoVec = iovec { base = iov_base, length = iov_len },
        MsgHdr = msghdr { name = msg_name, name_length = msg_namelen, parts = msg_iov, part_count = msg_iovlen, control = msg_control, control_length = msg_controllen, flags = msg_flags },
        CMsgHdr = cmsghdr { length = cmsg_len, level = cmsg_level, kind = cmsg_type },
        PollFd = pollfd { fd = fd, events = events, revents = revents },
        TimeVal = timeval { seconds = tv_sec, micros = tv_usec },
        RUsage = rusage { user = ru_utime, system = ru_stime, max_resident_kib = ru_maxrss },
        RLimit = rlimit { soft = rlim_cur, hard = rlim_max },
        SigSet = sigset_t {},
    }
}
