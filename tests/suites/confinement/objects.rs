//! What a host may have beside files: shared memory, a queue and a key. A child that is confined
//! finds none of them.

use std::ffi::{CString, c_int, c_long};
use std::io;

/// The host's objects, which go when this is dropped.
pub struct Objects {
    shared_memory: c_int,
    /// The key by which the shared memory is found.
    pub key: c_int,
    /// The name of the message queue.
    pub queue: String,
    /// The name of the key in the user's keyring.
    pub secret: String,
    secret_number: c_long,
}

/// The keyring of the user (keyrings(7)).
const USER_KEYRING: c_long = -4;

#[expect(
    unsafe_code,
    reason = "no safe function makes what these are, and only here are they made"
)]
impl Objects {
    /// Makes all of them, called after this process.
    pub fn new() -> Self {
        let key = 0x0ff5_0000 | (std::process::id() & 0xffff).cast_signed();
        let (queue, secret) = (format!("/offspring-{key:x}"), format!("offspring-{key:x}"));
        let name = CString::new(queue.as_str()).expect("it holds no NUL");
        let (kind, description) = (c"user", CString::new(secret.as_str()).expect("no NUL"));
        let create = libc::IPC_CREAT | 0o600;
        // SAFETY: these calls take numbers and texts that outlive them.
        unsafe {
            let shared_memory = libc::shmget(key, 4096, create);
            works(shared_memory.into(), "shared memory");
            let made = libc::mq_open(
                name.as_ptr(),
                libc::O_CREAT | libc::O_RDWR,
                0o600,
                std::ptr::null::<libc::mq_attr>(),
            );
            works(made.into(), "a message queue");
            libc::close(made);
            let secret_number = libc::syscall(
                libc::SYS_add_key,
                kind.as_ptr(),
                description.as_ptr(),
                c"x".as_ptr(),
                1_usize,
                USER_KEYRING,
            );
            works(secret_number, "a key");
            Self {
                shared_memory,
                key,
                queue,
                secret,
                secret_number,
            }
        }
    }

    /// Whether the shared memory and the queue are still there.
    pub fn are_there(&self) -> bool {
        let name = CString::new(self.queue.as_str()).expect("it holds no NUL");
        // SAFETY: as above.
        unsafe {
            let queue = libc::mq_open(name.as_ptr(), libc::O_RDWR);
            libc::close(queue);
            queue >= 0 && libc::shmget(self.key, 0, 0) == self.shared_memory
        }
    }
}

#[expect(unsafe_code, reason = "as above")]
impl Drop for Objects {
    fn drop(&mut self) {
        let name = CString::new(self.queue.as_str()).unwrap_or_default();
        // SAFETY: as above. No structure is asked for.
        unsafe {
            libc::shmctl(self.shared_memory, libc::IPC_RMID, std::ptr::null_mut());
            libc::mq_unlink(name.as_ptr());
            let unlink: c_long = 9;
            libc::syscall(libc::SYS_keyctl, unlink, self.secret_number, USER_KEYRING);
        }
    }
}

#[track_caller]
fn works(answer: c_long, what: &str) {
    let error = io::Error::last_os_error();
    assert!(answer >= 0, "this test needs {what}: {error}");
}
