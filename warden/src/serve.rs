//! The loop: requests of the host, and exits of children.

use crate::children::Children;
use crate::failure::{Failed, numbered};
use crate::spawn::{self, Descriptors};
use crate::sys::process::Reap;
use crate::sys::{abi, process, socket};
use crate::wire::{self, Failure, Reply, Request, Step, Tier};
use crate::{beneath, filter};
use std::ffi::c_int;
use std::fs::File;
use std::io::{self, Read};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::fs::FileExt;
use std::sync::mpsc;

/// Where requests arrive.
pub struct Inbox {
    buffer: Vec<u8>,
}

impl Inbox {
    pub fn new() -> Self {
        Self {
            buffer: vec![0; wire::PACKET_BYTES],
        }
    }

    /// The next request, and the descriptors beside it; `None` where the host is gone.
    pub fn receive(&mut self, host: &OwnedFd) -> io::Result<Option<(Request, Vec<OwnedFd>)>> {
        let (length, mut fds) = socket::receive(host.as_fd(), &mut self.buffer)?;
        let packet = &self.buffer[..length];
        if packet.is_empty() {
            return Ok(None);
        }
        let request = if packet == wire::IN_FILE && !fds.is_empty() {
            Request::decode(&contents(fds.remove(0))?)
        } else {
            Request::decode(packet)
        };
        match request {
            Ok(request) => Ok(Some((request, fds))),
            Err(wire::Malformed) => Err(io::ErrorKind::InvalidData.into()),
        }
    }
}

fn contents(file: OwnedFd) -> io::Result<Vec<u8>> {
    let file = File::from(file);
    let length = usize::try_from(file.metadata()?.len()).map_err(io::Error::other)?;
    let mut bytes = vec![0; length];
    file.read_exact_at(&mut bytes, 0)?;
    Ok(bytes)
}

/// A warden whose world stands.
pub struct Warden {
    tier: Tier,
    inbox: Inbox,
    /// Tells that a child has ended.
    exits: File,
    directories: Vec<OwnedFd>,
    /// What each child is behind in addition.
    layer: Option<OwnedFd>,
    null: OwnedFd,
    children: Children,
}

impl Warden {
    pub fn new(
        tier: Tier,
        inbox: Inbox,
        exits: OwnedFd,
        directories: Vec<OwnedFd>,
        layer: Option<OwnedFd>,
        children: Children,
    ) -> Result<Self, Failure> {
        Ok(Self {
            tier,
            inbox,
            exits: exits.into(),
            directories,
            layer,
            null: beneath::open_null().failed(Step::Prepare, "/dev/null")?,
            children,
        })
    }
}

/// Serve until the host is gone, or cannot be understood; then end everything.
pub fn serve(host: &OwnedFd, mut warden: Warden) {
    while warden.turn(host).is_ok_and(|goes_on| goes_on) {}
    warden.end_all();
}

/// Have a thread of its own wait for the host to go. We wait for each child to become its program,
/// and another child can see to it that this takes forever, by stopping it with a signal.
pub fn watch(host: &OwnedFd, tier: Tier) -> Result<(), Failure> {
    let host = host.try_clone().failed(Step::Prepare, "a watch")?;
    let (sender, number) = mpsc::channel();
    let watch = move || {
        let _ = sender.send(process::own_thread());
        socket::wait_closed(host.as_fd());
        match tier {
            // We are the first of our namespace, and nothing there outlives us.
            Tier::Namespace => process::leave(),
            // Nobody whom we wait for is left, so that the loop goes on, and ends.
            Tier::Landlock => drop(process::send_signal(-1, abi::SIGKILL)),
        }
    };
    let builder = std::thread::Builder::new().stack_size(WATCH_STACK);
    builder.spawn(watch).failed(Step::Prepare, "a watch")?;
    // The filter keeps children from the threads of these numbers.
    let number = number
        .recv()
        .ok()
        .and_then(|number| u32::try_from(number).ok());
    let kept = tier == Tier::Landlock || number == Some(filter::WARDEN[1]);
    kept.then_some(())
        .ok_or_else(|| numbered(Step::Proof, 0, "a watch"))
}

/// More than it needs, and the least that the C library takes.
const WATCH_STACK: usize = 32 << 10;

impl Warden {
    fn turn(&mut self, host: &OwnedFd) -> io::Result<bool> {
        let fds = [host.as_fd(), self.exits.as_fd()];
        let [request, exit] = socket::wait_readable(fds, !self.children.unfinished())?;
        if exit {
            self.take_notices()?;
        }
        if exit || self.children.unfinished() {
            for reply in self.children.turn()? {
                tell(host, &reply)?;
            }
        }
        if request {
            match self.inbox.receive(host)? {
                Some((request, fds)) => self.answer(host, request, fds)?,
                None => return Ok(false),
            }
        }
        Ok(true)
    }

    fn answer(&mut self, host: &OwnedFd, request: Request, fds: Vec<OwnedFd>) -> io::Result<()> {
        match request {
            Request::Spawn(spawn) => {
                let child = spawn.child;
                let reply = match self.start(spawn, fds) {
                    Ok(id) => {
                        self.children.started(child, id);
                        Reply::Started {
                            child,
                            id: id.unsigned_abs(),
                        }
                    }
                    Err(failure) => Reply::Refused { child, failure },
                };
                tell(host, &reply)
            }
            Request::Signal {
                child,
                number,
                group,
            } => {
                self.children.signal(child, number, group);
                Ok(())
            }
            Request::End { child } => {
                self.children.end(child);
                Ok(())
            }
            Request::World(_) => Err(io::ErrorKind::InvalidData.into()),
        }
    }

    fn start(&self, spawn: wire::Spawn, fds: Vec<OwnedFd>) -> Result<c_int, Failure> {
        let descriptors = Descriptors::new(&self.directories, self.null.as_fd(), &spawn, fds)?;
        let layer = self.layer.as_ref().map(OwnedFd::as_fd);
        spawn::start(
            &self.directories,
            &spawn,
            &descriptors,
            layer,
            self.children.marks(),
        )
    }

    /// One notice may stand for many exits.
    fn take_notices(&mut self) -> io::Result<()> {
        match self.exits.read(&mut [0; 128]) {
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => Err(error),
            _ => Ok(()),
        }
    }

    /// End every process of this world. The first process of a namespace has only to end itself.
    fn end_all(&self) {
        if self.tier == Tier::Namespace {
            return;
        }
        // All that we may signal is all that is behind our Landlock layer, which is what we have
        // started and what that has started: see `proof`, where the scope was tried. A process that
        // is just being forked is met too, or its parent's fork fails.
        let _ = process::send_signal(-1, abi::SIGKILL);
        while !matches!(process::reap(None, true), Reap::Childless) {}
    }
}

fn tell(host: &OwnedFd, reply: &Reply) -> io::Result<()> {
    socket::send(host.as_fd(), &reply.encode(), None)
}
