//! Shared memory, semaphores, queues and keys: what processes share without a
//! file or a descriptor.

use std::fs;
use std::path::Path;

use nix::errno::Errno;

use super::acts::{opened, undone};
use super::attempt::{Attempt, apart};
use super::given::c;
use super::outcome::Outcome;
use super::sys::{Word, call, open};

/// A System V object without a key, for the user alone.
const PRIVATE: i32 = 0o600 | libc::IPC_CREAT;

/// Keyrings, by the numbers that the kernel gives them in every process.
const THREAD: i32 = -1;
const SESSION: i32 = -3;
const USER: i32 = -4;

/// What is tried.
pub(crate) fn attempts() -> Vec<Attempt> {
    vec![
        apart("shared-memory", |_| {
            let made = call!(libc::SYS_shmget, libc::IPC_PRIVATE, 4096, PRIVATE);
            Some(removed(made, libc::SYS_shmctl, [libc::IPC_RMID, 0]))
        }),
        apart("semaphores", |_| {
            let made = call!(libc::SYS_semget, libc::IPC_PRIVATE, 1, PRIVATE);
            Some(removed(made, libc::SYS_semctl, [0, libc::IPC_RMID]))
        }),
        apart("queue", |_| {
            let made = call!(libc::SYS_msgget, libc::IPC_PRIVATE, PRIVATE);
            Some(removed(made, libc::SYS_msgctl, [libc::IPC_RMID, 0]))
        }),
        apart("all-shared-memory", |_| {
            let mut answer = [0_u64; 32];
            let to = Word::to(&mut answer);
            Some(call!(libc::SYS_shmctl, 0, 14, to).into())
        }),
        apart("host-shared-memory", |given| {
            Some(call!(libc::SYS_shmget, given.shm_key?, 0, 0).into())
        }),
        apart("posix-shared-memory", |_| {
            let path = format!("/dev/shm/made-by-probe-{}", std::process::id());
            let flags = libc::O_RDWR | libc::O_CREAT | libc::O_EXCL;
            Some(undone(opened(Path::new(&path), flags), || {
                fs::remove_file(&path)
            }))
        }),
        apart("host-posix-shared-memory", |given| {
            let path = Path::new("/dev/shm").join(given.shared_memory.as_ref()?);
            Some(opened(&path, libc::O_RDWR).into())
        }),
        apart("posix-queue", |_| {
            let name = c(format!("made-by-probe-{}", std::process::id()));
            let flags = libc::O_RDWR | libc::O_CREAT | libc::O_EXCL | libc::O_CLOEXEC;
            let made = open!(libc::SYS_mq_open, &name, flags, 0o600, 0);
            Some(undone(made, || {
                Ok(call!(libc::SYS_mq_unlink, &name).map(drop)?)
            }))
        }),
        apart("host-posix-queue", |given| {
            let name = c(given.queue.as_ref()?.trim_start_matches('/'));
            Some(
                open!(
                    libc::SYS_mq_open,
                    &name,
                    libc::O_RDWR | libc::O_CLOEXEC,
                    0,
                    0
                )
                .into(),
            )
        }),
        apart("key", |_| {
            // The keyring of a thread ends with the thread.
            let (kind, name) = (c"user", c"made-by-probe");
            Some(call!(libc::SYS_add_key, kind, name, Word::at(b"x"), 1, THREAD).into())
        }),
        apart("key-request", |_| {
            let (kind, name) = (c"user", c"made-by-nobody");
            let found = call!(libc::SYS_request_key, kind, name, 0, 0);
            Some(Outcome::past(found, &[Errno::ENOKEY]))
        }),
        apart("host-key", |given| {
            let (search, name) = (10, c(given.key.as_ref()?));
            let found = call!(libc::SYS_keyctl, search, USER, c"user", &name, 0);
            Some(Outcome::past(found, &[Errno::ENOKEY]))
        }),
        apart("keyring-of-session", |_| Some(keyring(SESSION))),
        apart("keyring-of-user", |_| Some(keyring(USER))),
        apart("keyring-new-session", |_| {
            Some(call!(libc::SYS_keyctl, 1, 0).into())
        }),
        apart("futex", |_| {
            let word = 0_u32;
            Some(
                call!(
                    libc::SYS_futex,
                    Word::at(&word),
                    libc::FUTEX_WAKE,
                    1,
                    0,
                    0,
                    0
                )
                .into(),
            )
        }),
    ]
}

/// The outcome of making a System V object, which is removed.
fn removed(made: Result<i64, Errno>, number: i64, command: [i32; 2]) -> Outcome {
    let id = made.unwrap_or_default();
    undone(made, || {
        let [first, second] = command;
        Ok(call!(number, id, first, second, 0).map(drop)?)
    })
}

/// Finds a keyring and reads the numbers of its keys.
fn keyring(number: i32) -> Outcome {
    let mut keys = [0_i32; 64];
    let (read, room) = (11, size_of_val(&keys));
    call!(libc::SYS_keyctl, read, number, Word::to(&mut keys), room).into()
}
