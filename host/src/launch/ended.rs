//! Waiting for a process of this host to end, without reaping it.

use rustix::process::Pid;
use std::io;
use std::task::{Context, Poll};

#[cfg(target_os = "linux")]
pub(super) use pidfd::Ended;
#[cfg(not(target_os = "linux"))]
pub(super) use thread::Ended;

#[cfg(target_os = "linux")]
mod pidfd {
    use super::*;
    use rustix::process::{PidfdFlags, pidfd_open};
    use std::os::fd::OwnedFd;
    use std::task::ready;
    use tokio::io::Interest;
    use tokio::io::unix::AsyncFd;

    /// The end of a process, told by a descriptor of it (pidfd_open(2)).
    pub(in crate::launch) struct Ended(AsyncFd<OwnedFd>);

    impl Ended {
        /// The end of the child `id`, which nobody has reaped.
        pub(in crate::launch) fn of(id: Pid) -> io::Result<Self> {
            let fd = pidfd_open(id, PidfdFlags::empty())?;
            let fd = crate::launch::asynchronous(fd, Interest::READABLE)?;
            Ok(Self(fd))
        }

        /// Resolves when it has ended, every time that it is asked.
        pub(in crate::launch) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            // What is not cleared is ready again, as a process that has ended is.
            let mut ended = ready!(self.0.poll_read_ready(cx))?;
            ended.retain_ready();
            Poll::Ready(Ok(()))
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod thread {
    use super::*;
    use rustix::process::{WaitId, WaitIdOptions, waitid};
    use std::future::Future;
    use std::pin::Pin;
    use tokio::task::{JoinHandle, spawn_blocking};

    /// The end of a process, for which a thread waits.
    pub(in crate::launch) struct Ended(JoinHandle<io::Result<()>>);

    impl Ended {
        /// The end of the child `id`, which nobody has reaped.
        pub(in crate::launch) fn of(id: Pid) -> io::Result<Self> {
            let dead = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
            let wait = move || Ok(waitid(WaitId::Pid(id), dead).map(drop)?);
            Ok(Self(spawn_blocking(wait)))
        }

        /// Resolves when it has ended. Afterwards it is not asked any more.
        pub(in crate::launch) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
            let ended = std::task::ready!(Pin::new(&mut self.0).poll(cx));
            Poll::Ready(ended.unwrap_or_else(|error| Err(io::Error::other(error))))
        }
    }
}
