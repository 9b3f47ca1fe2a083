//! Starting a warden, up to where its fences stand.

use super::super::asynchronous;
use super::program;
use super::wire::{self, Reply, Request, World};
use crate::limits::{WARDEN_REPLY_BYTES, WARDEN_START};
use crate::sandbox::SandboxFault;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::{MemfdFlags, OFlags};
use rustix::io::Errno;
use rustix::net::{
    AddressFamily, RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags, SendAncillaryBuffer,
    SendAncillaryMessage, SendFlags, Shutdown, SocketFlags, SocketType,
};
use rustix::process::{WaitId, WaitIdOptions, waitid};
use std::io::{self, IoSlice, IoSliceMut};
use std::mem::MaybeUninit;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::time::Instant;
use tokio::io::Interest;

/// A warden whose world stands.
pub(super) struct Started {
    /// Our end of the socket, which does not block.
    pub socket: Arc<OwnedFd>,
    pub process: WardenProcess,
}

/// Start a warden.
pub(super) async fn start(world: &World) -> Result<Started, SandboxFault> {
    let mut starting = Starting::begin(world)?;
    let socket = asynchronous(starting.socket.clone(), Interest::READABLE)?;
    let settled = async {
        loop {
            socket.readable().await?.clear_ready();
            if starting.settled()? {
                return Ok(());
            }
        }
    };
    match tokio::time::timeout(WARDEN_START, settled).await {
        Ok(settled) => settled.and_then(|()| starting.finish()),
        Err(_) => Err(SandboxFault::Silent),
    }
}

/// The same, where there is no runtime, and this thread may wait.
pub(super) fn start_blocking(world: &World) -> Result<Started, SandboxFault> {
    let mut starting = Starting::begin(world)?;
    let begun = Instant::now();
    loop {
        let left = WARDEN_START.saturating_sub(begun.elapsed());
        if left.is_zero() || !readable(starting.socket.as_fd(), left)? {
            return Err(SandboxFault::Silent);
        }
        if starting.settled()? {
            return starting.finish();
        }
    }
}

fn readable(fd: BorrowedFd<'_>, within: std::time::Duration) -> io::Result<bool> {
    let timeout = Timespec::try_from(within).map_err(io::Error::other)?;
    let mut fds = [PollFd::from_borrowed_fd(fd, PollFlags::IN)];
    match poll(&mut fds, Some(&timeout)) {
        Ok(ready) => Ok(ready > 0),
        Err(Errno::INTR) => Ok(true),
        Err(error) => Err(error.into()),
    }
}

/// A warden that does not serve yet. Dropping it ends it.
struct Starting {
    socket: Arc<OwnedFd>,
    /// What was executed. It makes its namespaces and goes, and its sibling stays.
    first: Option<Child>,
    /// The sibling, which is our child as well.
    process: Option<WardenProcess>,
}

impl Starting {
    fn begin(world: &World) -> Result<Self, SandboxFault> {
        let kind = (AddressFamily::UNIX, SocketType::SEQPACKET);
        let (ours, theirs) = rustix::net::socketpair(kind.0, kind.1, SocketFlags::CLOEXEC, None)
            .map_err(io::Error::from)?;
        rustix::fs::fcntl_setfl(&ours, OFlags::NONBLOCK).map_err(io::Error::from)?;
        let first = execute(theirs).map_err(SandboxFault::Start)?;
        let starting = Self {
            socket: Arc::new(ours),
            first: Some(first),
            process: None,
        };
        let request = Request::World(world.clone()).encode();
        // The socket is empty, so it takes a packet at once.
        send(starting.socket.as_fd(), &request, &[])?;
        Ok(starting)
    }

    /// Read what the warden has said, and whether it is ready.
    fn settled(&mut self) -> Result<bool, SandboxFault> {
        loop {
            match receive(self.socket.as_fd()) {
                Ok((Some(Reply::Born), Some(pidfd))) => {
                    self.process = Some(WardenProcess::of(pidfd));
                }
                Ok((Some(Reply::Ready), _)) => return Ok(true),
                Ok((Some(Reply::Failed(failure)), _)) => return Err(failure.into()),
                Ok(_) => return Err(SandboxFault::Interrupted),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(false),
                Err(error) if error.kind() == io::ErrorKind::ConnectionReset => {
                    return Err(SandboxFault::Interrupted);
                }
                Err(error) => return Err(error.into()),
            }
        }
    }

    fn finish(mut self) -> Result<Started, SandboxFault> {
        if let Some(first) = self.first.take() {
            reap(first);
        }
        match self.process.take() {
            Some(process) => Ok(Started {
                socket: self.socket.clone(),
                process,
            }),
            None => Err(SandboxFault::Interrupted),
        }
    }
}

impl Drop for Starting {
    fn drop(&mut self) {
        let Some(mut first) = self.first.take() else {
            return;
        };
        let (socket, mut process) = (self.socket.clone(), self.process.take());
        // The sibling may be there without our knowing it yet. Both end when they find the socket
        // closed, and both are to be reaped, for which a runtime's thread must not wait.
        let reap = move || {
            // No child was started, so there is nobody whom they would have to end.
            let _ = first.kill();
            let _ = rustix::net::shutdown(&socket, Shutdown::Write);
            while process.is_none() && readable(socket.as_fd(), WARDEN_START).is_ok_and(|is| is) {
                match receive(socket.as_fd()) {
                    Ok((Some(Reply::Born), Some(pidfd))) => {
                        process = Some(WardenProcess::of(pidfd));
                    }
                    Ok((Some(_), _)) => {}
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Ok((None, _)) | Err(_) => break,
                }
            }
            let _ = first.wait();
            if let Some(process) = process {
                process.kill();
            }
        };
        let _ = std::thread::Builder::new().spawn(reap);
    }
}

/// Reap the process that was executed. It went when it had made its sibling, which has done much
/// since, so there is hardly anything to wait for.
fn reap(mut first: Child) {
    // Where somebody else has reaped it, there is nothing to wait for either.
    if let Ok(None) = first.try_wait() {
        let _ = std::thread::Builder::new().spawn(move || first.wait());
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "it is the way to the door that the rule points to"
)]
fn execute(socket: OwnedFd) -> io::Result<Child> {
    Command::new(program::path()?)
        .arg0("offspring-warden")
        .env_clear()
        .current_dir("/")
        .stdin(Stdio::from(socket))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
}

/// The process of a warden, which is ours to reap. Dropping it does, when it has ended.
pub(super) struct WardenProcess(Arc<OwnedFd>);

impl WardenProcess {
    /// The child of this process of which this is a descriptor.
    pub fn of(pidfd: OwnedFd) -> Self {
        Self(Arc::new(pidfd))
    }

    /// A descriptor that can be read when it has ended, and everything in its world with it.
    pub fn pidfd(&self) -> Arc<OwnedFd> {
        self.0.clone()
    }

    /// End it, whatever it is doing.
    pub fn kill(&self) {
        let _ = rustix::process::pidfd_send_signal(&self.0, rustix::process::Signal::KILL);
    }
}

impl Drop for WardenProcess {
    fn drop(&mut self) {
        let reap = |pidfd: &OwnedFd, options| waitid(WaitId::PidFd(pidfd.as_fd()), options);
        match reap(&self.0, WaitIdOptions::EXITED | WaitIdOptions::NOHANG) {
            Ok(None) => {}
            // It is reaped, or somebody else has done it.
            Ok(Some(_)) | Err(_) => return,
        }
        let pidfd = self.0.clone();
        let wait = move || {
            let _ = reap(&pidfd, WaitIdOptions::EXITED);
        };
        let _ = std::thread::Builder::new().spawn(wait);
    }
}

/// Send a message, with descriptors beside it.
pub(super) fn send(
    socket: BorrowedFd<'_>,
    message: &[u8],
    fds: &[BorrowedFd<'_>],
) -> io::Result<()> {
    if message.len() <= wire::PACKET_BYTES {
        return send_packet(socket, message, fds);
    }
    let flags = MemfdFlags::CLOEXEC;
    // Older kernels do not know that it is not to be executed.
    let file = rustix::fs::memfd_create(c"offspring-message", flags | MemfdFlags::NOEXEC_SEAL)
        .or_else(|_| rustix::fs::memfd_create(c"offspring-message", flags))?;
    let mut file = std::fs::File::from(file);
    io::Write::write_all(&mut file, message)?;
    let fds = [&[file.as_fd()], fds].concat();
    send_packet(socket, wire::IN_FILE, &fds)
}

fn send_packet(socket: BorrowedFd<'_>, packet: &[u8], fds: &[BorrowedFd<'_>]) -> io::Result<()> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(MOST_DESCRIPTORS))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    if !fds.is_empty() && !control.push(SendAncillaryMessage::ScmRights(fds)) {
        return Err(io::ErrorKind::InvalidInput.into());
    }
    let parts = [IoSlice::new(packet)];
    rustix::net::sendmsg(socket, &parts, &mut control, SendFlags::NOSIGNAL)?;
    Ok(())
}

/// Three streams, the most extra pipes that a policy lets through, and the file of a long message.
const MOST_DESCRIPTORS: usize = 3 + 16 + 1;

/// Receive a message: `None` where there is nobody any more.
pub(super) fn receive(socket: BorrowedFd<'_>) -> io::Result<(Option<Reply>, Option<OwnedFd>)> {
    let mut packet = [0; WARDEN_REPLY_BYTES];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let received = rustix::net::recvmsg(
        socket,
        &mut [IoSliceMut::new(&mut packet)],
        &mut control,
        RecvFlags::CMSG_CLOEXEC,
    )?;
    let fd = control.drain().find_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut fds) => fds.next(),
        _ => None,
    });
    let packet = &packet[..received.bytes];
    if packet.is_empty() {
        return Ok((None, None));
    }
    match Reply::decode(packet) {
        Ok(reply) => Ok((Some(reply), fd)),
        Err(wire::Malformed) => Err(io::ErrorKind::InvalidData.into()),
    }
}
