//! Messages with descriptors, over the socket to the host.

use super::abi::{self, CMsgHdr, IoVec, MsgHdr, PollFd};
use super::check_long;
use std::ffi::{c_int, c_long, c_ulong};
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};
use std::ptr;

unsafe extern "C" {
    fn recvmsg(socket: c_int, message: *mut MsgHdr, flags: c_int) -> c_long;
    fn sendmsg(socket: c_int, message: *const MsgHdr, flags: c_int) -> c_long;
    fn poll(fds: *mut PollFd, count: c_ulong, timeout: c_int) -> c_int;
}

/// More descriptors than the host ever sends beside a message. A message with more is refused.
const DESCRIPTORS: usize = 32;
const HEADER: usize = size_of::<CMsgHdr>();
const FD: usize = size_of::<RawFd>();

/// Room for a control message, aligned as its header demands.
#[repr(C, align(8))]
struct Control([u8; HEADER + DESCRIPTORS * FD]);

/// Receive one packet, and the descriptors beside it. No bytes mean that the other end is closed.
pub fn receive(socket: BorrowedFd<'_>, buffer: &mut [u8]) -> io::Result<(usize, Vec<OwnedFd>)> {
    let mut part = IoVec {
        base: buffer.as_mut_ptr().cast(),
        length: buffer.len(),
    };
    let mut control = Control([0; _]);
    let mut message = MsgHdr {
        name: ptr::null_mut(),
        name_length: 0,
        parts: &raw mut part,
        part_count: 1,
        control: control.0.as_mut_ptr().cast(),
        control_length: control.0.len(),
        flags: 0,
    };
    // SAFETY: the message points to `part` and `control`, which outlive the call, and `part` to
    // `buffer`, with the lengths that they have.
    let received = unsafe { recvmsg(socket.as_raw_fd(), &raw mut message, abi::MSG_CMSG_CLOEXEC) };
    let length = check_long(received)? as usize;
    // Whatever came is owned before anything can fail.
    let fds = descriptors(&control, message.control_length);
    if message.flags & (abi::MSG_TRUNC | abi::MSG_CTRUNC) == 0 {
        Ok((length, fds))
    } else {
        Err(io::ErrorKind::InvalidData.into())
    }
}

/// The descriptors in a control message, which is the only one: nothing else is enabled.
fn descriptors(control: &Control, length: usize) -> Vec<OwnedFd> {
    if length < HEADER {
        return Vec::new();
    }
    // SAFETY: the kernel wrote a header, which is plain numbers, to the aligned start of the room.
    let header = unsafe { ptr::read(control.0.as_ptr().cast::<CMsgHdr>()) };
    if (header.level, header.kind) != (abi::SOL_SOCKET, abi::SCM_RIGHTS) {
        return Vec::new();
    }
    control.0[HEADER..header.length.min(length)]
        .chunks_exact(FD)
        .map(|fd| {
            let fd = RawFd::from_ne_bytes([fd[0], fd[1], fd[2], fd[3]]);
            // SAFETY: the kernel has just made this descriptor for us.
            unsafe { OwnedFd::from_raw_fd(fd) }
        })
        .collect()
}

/// Send one packet, and a descriptor beside it.
pub fn send(socket: BorrowedFd<'_>, bytes: &[u8], fd: Option<BorrowedFd<'_>>) -> io::Result<()> {
    let mut part = IoVec {
        base: bytes.as_ptr().cast_mut().cast(),
        length: bytes.len(),
    };
    let mut control = Control([0; _]);
    let mut message = MsgHdr {
        name: ptr::null_mut(),
        name_length: 0,
        parts: &raw mut part,
        part_count: 1,
        control: ptr::null_mut(),
        control_length: 0,
        flags: 0,
    };
    if let Some(fd) = fd {
        let header = CMsgHdr {
            length: HEADER + FD,
            level: abi::SOL_SOCKET,
            kind: abi::SCM_RIGHTS,
        };
        // SAFETY: the room is aligned for the header and larger than it.
        unsafe { ptr::write(control.0.as_mut_ptr().cast(), header) };
        control.0[HEADER..HEADER + FD].copy_from_slice(&fd.as_raw_fd().to_ne_bytes());
        message.control = control.0.as_mut_ptr().cast();
        // The room of one descriptor, rounded up as CMSG_SPACE does.
        message.control_length = HEADER + FD.next_multiple_of(8);
    }
    // SAFETY: as in `receive`; sending does not write to what the message points to.
    let sent = unsafe { sendmsg(socket.as_raw_fd(), &raw const message, abi::MSG_NOSIGNAL) };
    check_long(sent).map(drop)
}

/// Wait until a socket has no other end.
pub fn wait_closed(socket: BorrowedFd<'_>) {
    let mut polled = PollFd {
        fd: socket.as_raw_fd(),
        events: abi::POLLRDHUP,
        revents: 0,
    };
    while polled.revents == 0 {
        // SAFETY: there is one.
        let ready = unsafe { poll(&raw mut polled, 1, -1) };
        match check_long(ready.into()) {
            Err(error) if error.raw_os_error() != Some(abi::EINTR) => return,
            _ => {}
        }
    }
}

/// Wait until one of two descriptors can be read, or has no other end, and say which can. `wait`
/// says whether to wait, or only to look.
pub fn wait_readable(fds: [BorrowedFd<'_>; 2], wait: bool) -> io::Result<[bool; 2]> {
    let mut polled = fds.map(|fd| PollFd {
        fd: fd.as_raw_fd(),
        events: abi::POLLIN,
        revents: 0,
    });
    let timeout = if wait { -1 } else { 0 };
    // SAFETY: the array has as many elements as is said.
    let ready = unsafe { poll(polled.as_mut_ptr(), polled.len() as c_ulong, timeout) };
    match check_long(ready.into()) {
        Err(error) if error.raw_os_error() == Some(abi::EINTR) => Ok([false; 2]),
        Err(error) => Err(error),
        Ok(_) => Ok(polled.map(|fd| fd.revents != 0)),
    }
}
