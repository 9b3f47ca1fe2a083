//! The warden: a small process that lives in a guest's world and starts the guest's children there.
//!
//! The host library carries this program inside of it and starts one for each guest and profile,
//! with one end of a socket as standard input. The warden reads what the world is to be
//! ([`wire::World`]), builds it and goes into it ([`world`]), gives up what privileges it has
//! ([`privileges`]), puts up the fences ([`landlock`], [`filter`]), tries them ([`proof`]), and
//! then starts children as it is asked to, passes signals on, reports exits and ends what children
//! leave behind ([`serve`], [`children`], [`lineage`]). What it has given up it cannot get back, and neither can a child: all of it is inherited.
//!
//! It ends when the host closes the socket, or ends itself, however that ends; and everything that
//! it has started ends with it.
//!
//! It trusts the host, and nobody else. No descriptor of a host's file crosses the socket: files
//! and directories are words, which are opened here, in the world (see [`beneath`]).

mod beneath;
mod bound;
mod children;
mod failure;
mod filter;
mod landlock;
mod limits;
mod lineage;
mod mark;
mod pids;
mod privileges;
mod proof;
mod serve;
mod spawn;
mod sys;
#[expect(dead_code, reason = "one side encodes what the other decodes")]
mod wire;
mod world;

use children::Children;
use failure::Failed;
use pids::Pids;
use std::os::fd::{AsFd, OwnedFd};
use std::process::ExitCode;
use sys::{process, socket};
use wire::{Reply, Request, Step, World};

fn main() -> ExitCode {
    // The only descriptor that we were meant to get is the socket.
    if process::close_from(3).is_err() {
        return ExitCode::FAILURE;
    }
    let Ok(host) = std::io::stdin().as_fd().try_clone_to_owned() else {
        return ExitCode::FAILURE;
    };
    match settle(&host) {
        Ok(Some(warden)) => {
            serve::serve(&host, warden);
            ExitCode::SUCCESS
        }
        // We are what was there before the fork.
        Ok(None) => process::leave(),
        Err(failure) => {
            let _ = socket::send(host.as_fd(), &Reply::Failed(failure).encode(), None);
            ExitCode::FAILURE
        }
    }
}

/// Go into the world that the host describes, and behind its fences.
fn settle(host: &OwnedFd) -> Result<Option<serve::Warden>, wire::Failure> {
    let mut inbox = serve::Inbox::new();
    let world = match inbox.receive(host) {
        Ok(Some((Request::World(world), _))) => world,
        Ok(_) => return Err(failure::plain(Step::Message)),
        Err(error) => return Err(failure::of(Step::Message, "the world")(error)),
    };
    process::reset_signals();
    process::new_session().failed(Step::Prepare, "a session")?;
    let _ = sys::fence::set_name(c"offspring-wardn");
    process::forbid_core_dumps().failed(Step::Prepare, "core dumps")?;
    process::set_umask(spawn::DEFAULT_UMASK);

    bound::check(&world)?;
    let marks = mark::Marks::new()?;
    let layer = landlock::Layers::check(&world)?;
    world::leave(&world)?;
    // In either tier it is the second process that stays, a child of the host's; with namespaces
    // it is the first one in them.
    if !process::fork_sibling().failed(Step::Fork, "")? {
        return Ok(None);
    }
    let pidfd = process::own_pidfd().failed(Step::Fork, "a pidfd")?;
    socket::send(host.as_fd(), &Reply::Born.encode(), Some(pidfd.as_fd()))
        .failed(Step::Message, "the pidfd")?;
    let (directories, mut pids, numbers) = enter(&world)?;
    privileges::give_up(&world)?;
    let layer = layer.put_up(&world)?;
    filter::install(&world, marks.secret())?;
    proof::prove(&world)?;
    pids.prove()?;
    marks.prove()?;
    let exits = process::watch_children().failed(Step::Prepare, "signals")?;
    serve::watch(host, world.tier)?;
    bound::put_on_user(&world, numbers)?;
    let children = Children::new(pids, marks);
    let warden = serve::Warden::new(world.tier, inbox, exits, directories, layer, children)?;
    socket::send(host.as_fd(), &Reply::Ready.encode(), None).failed(Step::Message, "the answer")?;
    Ok(Some(warden))
}

/// Build the tree, where there is one, and open the guest's directories in it, and the list of
/// processes. Also say whether the numbers of these are bounded.
fn enter(world: &World) -> Result<(Vec<OwnedFd>, Pids, bool), wire::Failure> {
    world::begin(world)?;
    // A new `/proc` is had only while the host's is seen.
    let pids = Pids::open(world.tier)?;
    let numbers = bound::put_on_numbers(world);
    world::build(world)?;
    Ok((beneath::open_directories(world)?, pids, numbers))
}
