//! Every bound of the host that is not an operator's choice, with its reason.
//!
//! The bounds that an operator chooses, and their defaults, are in `offspring_policy::defaults`.

use std::time::Duration;

/// Bytes that a guest's commands may hold in the host before they are spawned, all together.
///
/// Twice what one program can be given at most (`ARG_MAX` is 2 MiB with the usual 8 MiB stack,
/// see execve(2)), so that one command can be built while another is.
pub(crate) const COMMAND_BYTES: u64 = 4 << 20;

/// What an argument or variable costs beside its bytes: the vector that holds it.
pub(crate) const COMMAND_ITEM_OVERHEAD: usize = 32;

/// Bytes of a path, its end included (`PATH_MAX`, see path_resolution(7)).
pub(crate) const PATH_BYTES: usize = 4096;

/// Commands that a guest may hold before they are spawned.
pub(crate) const COMMANDS: u64 = 1024;

/// Bytes that one 0.2 stream read brings at most: what the largest unprivileged pipe of a default
/// Linux holds, so that a guest which asks for much gets a whole pipe at once.
pub(crate) const READ_BYTES: usize = 1 << 20;

/// Bytes that a 0.2 guest may write before the pipe must have taken them.
///
/// The default capacity of a pipe on Linux (pipe(7)).
pub(crate) const WRITE_PERMIT: usize = 64 << 10;

/// Bytes that are read at once where the host itself is the reader.
pub(crate) const COPY_BYTES: usize = 64 << 10;

/// Bytes of one stream that `communicate` keeps at most, whatever the guest asks for.
///
/// The host holds them until the guest takes them, and wasmtime lets a guest take 128 MiB in one
/// call unless an embedder says otherwise: both streams fit.
pub(crate) const COMMUNICATE_BYTES: u64 = 60 << 20;

/// Bytes that the host holds for one guest in the inputs and results of its `communicate`s: two
/// results of the greatest size.
pub(crate) const MEMORY_BYTES: u64 = 4 * COMMUNICATE_BYTES;

/// Descriptors that the host holds for one guest at least, so that streams of children that have
/// exited can be read at leisure. Three guests fit the usual soft limit of 1024.
pub(crate) const DESCRIPTORS: u64 = 256;

/// Descriptors that the host holds for the standard streams of one running child at most: two for
/// an inherited input, one for each output, and one that tells of the exit of one that is not
/// confined.
///
/// Extra pipes are rare, and come out of what the children leave.
pub(crate) const DESCRIPTORS_PER_CHILD: u64 = 5;

/// How long a warden may take until its fences stand. It takes milliseconds; a machine that is so
/// loaded that this is not enough is better told so than waited for.
pub(crate) const WARDEN_START: Duration = Duration::from_secs(10);

/// How long a warden may take to end, and everything in its world with it, before it is killed.
pub(crate) const WARDEN_END: Duration = Duration::from_secs(5);

/// How long a child's tree may take to be gone once it is killed, before the whole world of its guest
/// is. It takes milliseconds, unless something in it forks faster than it is killed.
pub(crate) const TREE_END: Duration = Duration::from_secs(5);

/// How long a warden may take to start a child. It takes a millisecond, unless another child of the
/// same guest stops the new one before it is its program.
pub(crate) const SPAWN_END: Duration = Duration::from_secs(10);

/// How often it is looked whether a tree that was killed is gone, where one was.
pub(crate) const TREE_CHECK: Duration = Duration::from_secs(1);

/// Bytes of the longest answer of a warden: a failure that names a path.
pub(crate) const WARDEN_REPLY_BYTES: usize = PATH_BYTES + 256;

/// Children of all guests that run at once, where an embedder says nothing of it. As many processes
/// as a small machine runs without trouble; a guest has 16 unless its policy says otherwise.
pub(crate) const HOST_CHILDREN: u32 = 1024;

/// The part of this process's descriptors that is left for everything else: a quarter.
pub(crate) const DESCRIPTOR_HEADROOM: u64 = 4;

/// Spawns of one guest that wait for their turn. What they hold of the host's memory counts as
/// commands that were not spawned yet.
pub(crate) const QUEUED: u64 = COMMANDS;

/// Descriptors that a guest's warden costs the host: its socket, twice, and its process.
pub(crate) const WARDEN_DESCRIPTORS: u64 = 3;
