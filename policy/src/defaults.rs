//! Every number of this crate, with its reason.

use crate::{ProcessBound, Rate};
use std::time::Duration;

/// Children of one guest that run at once. Enough for a pipeline or a parallel build, and far
/// below what exhausts the processes or descriptors of a host with many guests.
pub const CHILDREN: u32 = 16;

/// Children that one guest starts in all its life: unbounded, because a guest that serves
/// requests for weeks is ordinary.
pub const SPAWNS: Option<u64> = None;

/// How long a child may run: unbounded, because servers and builds differ by days. The guest
/// may set a deadline, and its end ends its children.
pub const DEADLINE: Option<Duration> = None;

/// How long a child may run without writing anything: unbounded, because most programs say nothing
/// while they work.
pub const IDLE: Option<Duration> = None;

/// How many bytes a child may write to each of its pipes: no bound beside [`OUTPUT`].
pub const STREAM_OUTPUT: Option<u64> = None;

/// Processor time of one process: unbounded, as [`DEADLINE`].
pub const CPU: Option<Duration> = None;

/// Address space of one process: unbounded, because programs reserve far more than they use.
pub const MEMORY: Option<u64> = None;

/// The size of a file that a child writes: unbounded; what the guest can fill it could fill
/// itself.
pub const FILE_SIZE: Option<u64> = None;

/// Descriptors of one process: those that the host itself may have.
pub const OPEN_FILES: Option<u64> = None;

/// How fast a guest may start children: unbounded, because [`CHILDREN`] bounds what they cost, and
/// each costs the guest as much as it costs the host.
pub const SPAWN_RATE: Option<Rate> = None;

/// How long a spawn waits for a place: it does not, so that a guest knows at once.
pub const QUEUE: Option<Duration> = None;

/// Processes and threads that one guest's children may be, all together: enough for a parallel
/// build or a server with a pool of threads, and far below the 32,768 of a small machine, so that a
/// fork bomb meets it first.
pub const PROCESSES: Option<ProcessBound> = Some(ProcessBound {
    most: 1024,
    required: false,
});

/// The fewest processes that a policy can name. What holds the guest's world takes a few of them,
/// and a shell needs one for each command of a pipeline.
pub const FEWEST_PROCESSES: u64 = 8;

/// The most processes that a policy can name: what Linux can number, `PID_MAX_LIMIT` (proc(5),
/// "/proc/sys/kernel/pid_max").
pub const MOST_PROCESSES: u64 = 1 << 22;

/// The fewest descriptors that a policy can name: the three standard streams, and those with which
/// a program and its libraries are loaded.
pub const FEWEST_OPEN_FILES: u64 = 8;

/// The most descriptors that a policy can name: the kernel's own default bound,
/// `/proc/sys/fs/nr_open` (proc(5)).
pub const MOST_OPEN_FILES: u64 = 1 << 20;

/// The least address space that a policy can name. With less, not even a small program's own file
/// and its stack can be mapped, and each would end before its first instruction.
pub const LEAST_MEMORY: u64 = 1 << 20;

/// The time between `SIGTERM` and the end of everything, where a policy does not say how children
/// are ended. Long enough to remove a lock or a temporary file, and short enough for Ctrl-C.
pub const GRACE: Duration = Duration::from_secs(2);

/// The longest that all the times of a `teardown` may be together: a database has time to write out
/// what it holds. A host that shuts down, and Ctrl-C, wait as long for a child that does not go.
pub const LONGEST_TEARDOWN: Duration = Duration::from_secs(5 * 60);

/// How many bytes a child may write to its pipes: unbounded, because what nobody reads blocks
/// the child and takes no memory of the host.
pub const OUTPUT: Option<u64> = None;

/// How long the host reads on after a child has exited, where a descendant holds its pipe.
/// What the child itself wrote is in the pipe already and takes milliseconds to read.
pub const DRAIN: Duration = Duration::from_secs(5);

/// The bytes of one argument or `KEY=value`, with its terminating NUL, from which on the kernel
/// refuses it: `MAX_ARG_STRLEN`, 32 pages (execve(2), "Limits on size of arguments").
pub const ARGUMENT_BYTES: usize = 131_072;

/// The bytes of all arguments and variables, each with its NUL and a pointer. The kernel allows
/// a quarter of the stack's limit, which is 2 MiB where that is the usual 8 MiB (execve(2)).
/// The margin of 64 KiB is for what the kernel and a script's interpreter add.
pub const TOTAL_BYTES: usize = 2 * 1024 * 1024 - 64 * 1024;

/// The size of the pointer that the kernel counts with each argument and variable.
pub const POINTER_BYTES: usize = 8;

/// Arguments of one request. More than `xargs` ever passes, and few enough that matching them
/// against a policy takes milliseconds.
pub const ARGUMENTS: usize = 131_072;

/// Pipes beyond the three standard streams. Each costs the host a descriptor or two.
pub const EXTRA_PIPES: usize = 16;

/// The highest descriptor of an extra pipe: far below the usual limit of 1,024 open files.
pub const EXTRA_PIPE_FD: u32 = 255;

/// The most that a guest can ask of a pipe: the kernel's own default bound for unprivileged
/// users, `/proc/sys/fs/pipe-max-size` (pipe(7)).
pub const PIPE_BYTES: u32 = 1024 * 1024;

/// The largest private `/tmp`: more than any machine's memory, and small enough that the kernel's
/// rounding cannot make it 0, which would be no bound (tmpfs(5)).
pub const TMP_BYTES: u64 = 1 << 40;

/// The bytes of the text of one argument pattern.
pub const PATTERN_BYTES: usize = 4096;

/// The memory of one argument pattern's automaton. Patterns become finite automata when the
/// policy is loaded, so that a byte of an argument costs one step whatever a guest sends.
pub const AUTOMATON_BYTES: usize = 1024 * 1024;

/// The memory that building an automaton may take meanwhile.
pub const AUTOMATON_WORK_BYTES: usize = 8 * 1024 * 1024;

/// How deeply a regular expression may nest.
pub const REGEX_NESTING: u32 = 64;

/// The links that the way to a program may lead through: `MAXSYMLINKS` of the kernel
/// (path_resolution(7)).
pub const LINKS: usize = 40;

/// The bytes of a script's first line that the kernel reads (execve(2), "Interpreter scripts").
pub const SCRIPT_LINE_BYTES: usize = 255;

/// The longest time that can be written: beyond every purpose, and small enough that adding it
/// to a clock cannot overflow.
pub const LONGEST: Duration = Duration::from_secs(10 * 365 * 24 * 60 * 60);
