//! What host and warden say to each other, and how it is put into bytes.
//!
//! Both are built from this one file. A message is one packet of a `SOCK_SEQPACKET` socket: a
//! letter for the kind, and the fields in their order; numbers are in the machine's own order of
//! bytes, texts and lists begin with their length. Descriptors go beside it. A message of more than
//! [`PACKET_BYTES`] goes in a memory file, and the packet is [`IN_FILE`].

/// The greatest packet. The smallest send buffer that Linux gives by default holds two.
pub const PACKET_BYTES: usize = 64 << 10;

/// The packet in the place of a message that is in the memory file sent beside it.
pub const IN_FILE: &[u8] = b"f";

/// Why a message cannot be understood.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// What the host asks.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "a request is made, put into bytes and dropped"
)]
pub enum Request {
    /// Build this world and go into it. The first message, and the only one of its kind.
    World(World),
    /// Start a child.
    Spawn(Spawn),
    /// Send a signal to a child, if it is not reaped.
    Signal {
        /// Which child.
        child: u64,
        /// The signal's number.
        number: i32,
        /// Whether it goes to the child's process group.
        group: bool,
    },
    /// Kill a child, if it is not reaped, and everything that it has started; and tell with
    /// [`Reply::Gone`] when nothing of it is left. Also for a child that has exited and has left
    /// something.
    End {
        /// Which child.
        child: u64,
    },
}

/// What the warden answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// The warden's lasting process is there. Beside it goes a pidfd of that.
    Born,
    /// The world stands, and its fences were tried.
    Ready,
    /// The world does not stand, and the warden is about to exit.
    Failed(Failure),
    /// A child runs.
    Started {
        /// Which child.
        child: u64,
        /// Its process number, as it sees it.
        id: u32,
    },
    /// A child could not be started.
    Refused {
        /// Which child.
        child: u64,
        /// Why.
        failure: Failure,
    },
    /// A child was reaped.
    Exited {
        /// Which child.
        child: u64,
        /// The status as wait4(2) gives it.
        status: i32,
        /// What it used.
        usage: Usage,
        /// Whether something that it has started is still there.
        left: bool,
    },
    /// Nothing is left of a child, which has exited before and had left something.
    Gone {
        /// Which child.
        child: u64,
    },
}

/// What did not work.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What was being done.
    pub step: Step,
    /// The error's number, or 0 where the system reported none.
    pub errno: i32,
    /// What it was done to: a path, or the name of a fence.
    pub what: Vec<u8>,
}

/// What a child and its reaped descendants have used (getrusage(2)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// Processor time in the program, in microseconds.
    pub user_micros: u64,
    /// Processor time in the kernel, in microseconds.
    pub system_micros: u64,
    /// The most memory that was resident at once, in bytes.
    pub peak_memory: u64,
}

/// How the world is fenced.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    /// Namespaces, a mount tree of its own, Landlock and seccomp.
    Namespace,
    /// Landlock and a stricter seccomp filter.
    Landlock,
}

/// What the network is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Network {
    /// None.
    None,
    /// The host's, for TCP connections to these ports.
    Connect(Vec<u16>),
    /// The host's.
    Host,
}

/// What children are to see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct World {
    /// How it is fenced.
    pub tier: Tier,
    /// What the network is.
    pub network: Network,
    /// How many processes and threads there may be in it, all together.
    pub processes: Option<Processes>,
    /// The size of a private `/tmp`, in bytes.
    pub tmp: Option<u64>,
    /// Whether there is a `/proc`.
    pub proc: bool,
    /// The guest's directories, in the order that requests count them in.
    pub directories: Vec<Place>,
    /// What else of the host is there.
    pub runtime: Vec<Place>,
    /// Symbolic links: name and target.
    pub links: Vec<(Vec<u8>, Vec<u8>)>,
    /// Files made for this world: name and content.
    pub files: Vec<(Vec<u8>, Vec<u8>)>,
}

/// A bound on the processes and threads of a world.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Processes {
    /// How many.
    pub most: u64,
    /// Whether the world does not stand without this bound.
    pub required: bool,
}

/// A file or directory of the host in the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Where it is on the host.
    pub host: Vec<u8>,
    /// Where it is in the world.
    pub name: Vec<u8>,
    /// What the host saw there: device and inode.
    pub seen: (u64, u64),
    /// Whether it is a directory.
    pub directory: bool,
    /// What may be done with it.
    pub rights: Rights,
}

/// What children may do with a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rights {
    /// Read.
    Read,
    /// Read and execute.
    Execute,
    /// Read and write.
    Write,
    /// All of it.
    WriteExecute,
    /// Use a device.
    Device,
}

/// A child to start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spawn {
    /// What the host calls it.
    pub child: u64,
    /// The file that is executed.
    pub program: Pinned,
    /// The script that the program is to run, where it is an interpreter.
    pub script: Option<Pinned>,
    /// All arguments, from argument 0 on.
    pub args: Vec<Vec<u8>>,
    /// The environment, as `KEY=VALUE`.
    pub env: Vec<Vec<u8>>,
    /// The working directory: one of the guest's directories, and the path beneath it.
    pub cwd: Option<(u32, Vec<u8>)>,
    /// Standard input, output and error.
    pub stdio: [Stream; 3],
    /// The numbers at which the child gets the descriptors that are left.
    pub extra: Vec<i32>,
    /// Whether it leads a new session.
    pub session: bool,
    /// The file mode creation mask.
    pub umask: Option<u32>,
    /// What each of its processes may use.
    pub limits: Limits,
}

/// What a process may use (setrlimit(2)).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Processor time, in seconds.
    pub cpu: Option<u64>,
    /// Address space, in bytes.
    pub memory: Option<u64>,
    /// The size of a file that it writes, in bytes.
    pub file_size: Option<u64>,
    /// Descriptors.
    pub open_files: Option<u64>,
}

/// A program's file, and what the policy pinned of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pinned {
    /// Where it is, in the host and in the world.
    pub path: Vec<u8>,
    /// Device and inode.
    pub file: (u64, u64),
    /// The size in bytes.
    pub size: u64,
    /// When its content changed last, in nanoseconds since the epoch.
    pub modified: i128,
    /// When its inode changed last, in nanoseconds since the epoch.
    pub changed: i128,
}

/// A standard stream.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stream {
    /// The null device.
    Null,
    /// The next of the descriptors beside the message.
    Descriptor,
    /// A file of the guest.
    File {
        /// Which of the guest's directories.
        directory: u32,
        /// The path beneath it.
        path: Vec<u8>,
        /// The flags of open(2) that tell how.
        flags: i32,
        /// Where reading or writing starts.
        offset: u64,
        /// What the host saw there, where it must be that.
        seen: Option<(u64, u64)>,
    },
    /// What standard output is.
    Stdout,
}

macro_rules! steps {
    ($($(#[$doc:meta])* $name:ident,)*) => {
        /// What was being done when something failed.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Step {
            $($(#[$doc])* $name,)*
        }

        impl Step {
            const ALL: &[Self] = &[$(Self::$name,)*];
        }
    };
}

steps! {
    /// Understand a message.
    Message,
    /// unshare(2) the user namespace, and with it the others.
    Unshare,
    /// Map the user into its namespace.
    MapUser,
    /// Become the first process of the namespace.
    Fork,
    /// Make the tree of mounts.
    MountTree,
    /// Show a file or directory in it.
    Mount,
    /// Leave the host's tree.
    Pivot,
    /// Give up privileges.
    Privileges,
    /// Put up Landlock.
    Landlock,
    /// Install the filter of system calls.
    Seccomp,
    /// Bound the number of processes.
    Bound,
    /// Try whether a fence holds.
    Proof,
    /// Open standard input.
    Stdin,
    /// Open standard output.
    Stdout,
    /// Open standard error.
    Stderr,
    /// Open the working directory.
    Cwd,
    /// Open the program, and compare it.
    Program,
    /// Prepare the new process.
    Prepare,
    /// Execute the program.
    Execute,
}

#[path = "wire/bytes.rs"]
mod bytes;
#[path = "wire/messages.rs"]
mod messages;
