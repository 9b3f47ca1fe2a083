//! A warden that dies, is cut off or speaks nonsense.

use super::*;
use crate::launch::warden::start::WardenProcess;
use crate::launch::warden::wire::{self, Limits, Pinned, Stream};
use crate::launch::{Process, SignalTarget};
use crate::supervisor::Supervisor;
use offspring_policy::Signal;
use rustix::io::retry_on_intr;
use rustix::net::{AddressFamily, RecvFlags, SendFlags, SocketFlags, SocketType};
use rustix::process::{Pid, PidfdFlags, pidfd_open};
use std::future::poll_fn;
use std::process::{Command, Stdio};
use std::task::Poll;
use std::thread;

/// The warden's end of a connection, and a process in the place of its own.
struct Puppet(OwnedFd);

impl Puppet {
    fn hear(&self) -> Option<Request> {
        let mut packet = vec![0; 1 << 16];
        let received =
            retry_on_intr(|| rustix::net::recv(&self.0, &mut *packet, RecvFlags::empty()));
        let (length, _) = received.ok()?;
        (length > 0).then(|| Request::decode(&packet[..length]).expect("the host speaks well"))
    }

    fn say(&self, reply: &Reply) {
        self.say_bytes(&reply.encode());
    }

    fn say_bytes(&self, bytes: &[u8]) {
        rustix::net::send(&self.0, bytes, SendFlags::NOSIGNAL).expect("the host hears");
    }

    /// Hear of a child, and say that it runs.
    fn start(&self) -> u64 {
        let Some(Request::Spawn(spawn)) = self.hear() else {
            panic!("the host wants something else");
        };
        let (child, id) = (spawn.child, 7);
        self.say(&Reply::Started { child, id });
        child
    }
}

/// A connection to a puppet, which does as it is told on a thread of its own.
fn connected(play: impl FnOnce(Puppet) + Send + 'static) -> Arc<Connection> {
    let (ours, theirs) = rustix::net::socketpair(
        AddressFamily::UNIX,
        SocketType::SEQPACKET,
        SocketFlags::CLOEXEC,
        None,
    )
    .expect("there are sockets");
    rustix::io::ioctl_fionbio(&ours, true).expect("it is a socket");
    thread::spawn(move || play(Puppet(theirs)));
    let started = Started {
        socket: Arc::new(ours),
        process: WardenProcess::of(ended()),
    };
    let live = Supervisor::global().warden().expect("there is room");
    Connection::new(started, live).expect("there is a runtime")
}

/// A process that ends at once.
#[expect(clippy::disallowed_methods, reason = "it stands in for a warden")]
#[expect(clippy::zombie_processes, reason = "it is reaped by its descriptor")]
fn ended() -> OwnedFd {
    let process = Command::new("/bin/true").stdin(Stdio::null()).spawn();
    let process = process.expect("there is a /bin/true");
    let id = Pid::from_raw(process.id().cast_signed()).expect("it is a number");
    pidfd_open(id, PidfdFlags::empty()).expect("nobody has reaped it")
}

fn spawn() -> Spawn {
    Spawn {
        child: 0,
        program: Pinned {
            path: b"/bin/true".to_vec(),
            file: (0, 0),
            size: 0,
            modified: 0,
            changed: 0,
        },
        script: None,
        args: vec![b"true".to_vec()],
        env: Vec::new(),
        cwd: None,
        stdio: [Stream::Null, Stream::Null, Stream::Null],
        extra: Vec::new(),
        session: false,
        umask: None,
        limits: Limits::default(),
    }
}

async fn ask(connection: &Arc<Connection>) -> Result<WardenChild, ErrorCode> {
    connection.spawn(spawn(), Vec::new(), Arc::new(())).await
}

async fn end_of(child: &mut WardenChild) -> Exited {
    let exit = poll_fn(|cx| child.poll_exit(cx)).await;
    exit.expect("the host still listens")
}

/// The exit of a child whose warden is gone: the kernel has killed it.
const KILLED: ExitStatus = ExitStatus::Signaled {
    signal: Signal::Kill,
    core_dumped: false,
};

#[tokio::test]
async fn a_warden_that_is_gone_before_it_answers_starts_nothing() {
    let connection = connected(|puppet| {
        puppet.hear();
    });
    let refused = ask(&connection).await.err();
    assert_eq!(refused, Some(ErrorCode::SandboxUnavailable));
    assert!(!connection.is_open());
    let refused = ask(&connection).await.err();
    assert_eq!(refused, Some(ErrorCode::SandboxUnavailable));
}

#[tokio::test]
async fn the_children_of_a_warden_that_dies_are_killed() {
    let connection = connected(|puppet| {
        puppet.start();
    });
    let mut child = ask(&connection).await.unwrap();
    let end = end_of(&mut child).await;
    assert_eq!((end.status, end.left, end.lost), (KILLED, false, true));
    poll_fn(|cx| child.poll_gone(cx)).await;
    let late = child.signal(Signal::Term, SignalTarget::Process);
    assert_eq!(late, Err(ErrorCode::AlreadyExited));
}

#[tokio::test]
async fn what_a_warden_said_counts_though_it_died_before_it_had_read_all() {
    let (go, going) = std::sync::mpsc::channel();
    let connection = connected(move |puppet| {
        let child = puppet.start();
        let _ = going.recv();
        puppet.say(&Reply::Exited {
            child,
            status: 3 << 8,
            usage: wire::Usage::default(),
            left: false,
        });
    });
    let mut child = ask(&connection).await.unwrap();
    let sent = child.signal(Signal::Hup, SignalTarget::Process);
    assert_eq!(sent, Ok(()));
    go.send(()).expect("it waits");
    let end = end_of(&mut child).await;
    assert_eq!((end.status, end.lost), (ExitStatus::Exited(3), false));
}

#[tokio::test]
async fn a_message_that_is_cut_in_its_middle_ends_the_connection_and_the_world() {
    let exited = Reply::Exited {
        child: 0,
        status: 0,
        usage: wire::Usage::default(),
        left: false,
    };
    let whole = exited.encode();
    for length in 1..whole.len() {
        let cut = whole[..length].to_vec();
        let connection = connected(move |puppet| {
            puppet.start();
            puppet.say_bytes(&cut);
            while puppet.hear().is_some() {}
        });
        let mut child = ask(&connection).await.unwrap();
        assert_eq!(end_of(&mut child).await.status, KILLED, "{length} bytes");
        assert!(!connection.is_open());
    }
}

#[tokio::test]
async fn what_a_warden_cannot_mean_is_passed_over() {
    let connection = connected(|puppet| {
        let child = puppet.start();
        let (usage, stranger) = (wire::Usage::default(), child + 100);
        puppet.say(&Reply::Started { child, id: 8 });
        puppet.say(&Reply::Started {
            child: stranger,
            id: 9,
        });
        puppet.say(&Reply::Exited {
            child: stranger,
            status: 0,
            usage,
            left: true,
        });
        puppet.say(&Reply::Gone { child: stranger });
        puppet.say(&Reply::Ready);
        puppet.say(&Reply::Exited {
            child,
            status: 3 << 8,
            usage,
            left: true,
        });
        puppet.say(&Reply::Exited {
            child,
            status: 4 << 8,
            usage,
            left: true,
        });
        puppet.say(&Reply::Gone { child });
        puppet.say(&Reply::Gone { child });
        while puppet.hear().is_some() {}
    });
    let mut child = ask(&connection).await.unwrap();
    assert_eq!(child.id(), 7);
    let end = end_of(&mut child).await;
    assert_eq!(
        (end.status, end.left, end.lost),
        (ExitStatus::Exited(3), true, false)
    );
    poll_fn(|cx| child.poll_gone(cx)).await;
    assert!(connection.is_open());
}

#[tokio::test]
async fn what_is_left_of_a_child_is_asked_to_end_when_its_owner_goes() {
    let (told, tell) = oneshot::channel();
    let connection = connected(|puppet| {
        let child = puppet.start();
        puppet.say(&Reply::Exited {
            child,
            status: 0,
            usage: wire::Usage::default(),
            left: true,
        });
        let _ = told.send(puppet.hear());
        puppet.say(&Reply::Gone { child });
        while puppet.hear().is_some() {}
    });
    let mut child = ask(&connection).await.unwrap();
    assert!(end_of(&mut child).await.left);
    drop(child);
    let asked = tell.await.expect("it hears something");
    assert_eq!(asked, Some(Request::End { child: 0 }));
}

#[tokio::test]
async fn a_spawn_that_is_given_up_leaves_no_child_without_an_owner() {
    let (told, tell) = oneshot::channel();
    let connection = connected(|puppet| {
        let Some(Request::Spawn(_)) = puppet.hear() else {
            panic!("the host wants something else");
        };
        let _ = told.send(puppet.hear());
        while puppet.hear().is_some() {}
    });
    let mut asking = Box::pin(ask(&connection));
    let polled = poll_fn(|cx| Poll::Ready(asking.as_mut().poll(cx).is_ready())).await;
    assert!(!polled);
    drop(asking);
    let asked = tell.await.expect("it hears something");
    assert_eq!(asked, Some(Request::End { child: 0 }));
}

#[tokio::test]
async fn a_warden_that_reads_nothing_holds_nobody_up_and_hears_of_every_end() {
    const CHILDREN: u64 = 2000;
    let (go, going) = std::sync::mpsc::channel();
    let (told, tell) = oneshot::channel();
    let connection = connected(move |puppet| {
        for _ in 0..CHILDREN {
            puppet.start();
        }
        // Nothing is heard until everybody was asked to end.
        let _ = going.recv();
        let mut ended = std::collections::BTreeSet::new();
        while ended.len() < CHILDREN as usize {
            match puppet.hear() {
                Some(Request::End { child }) => ended.insert(child),
                other => panic!("the host wants {other:?}"),
            };
        }
        let _ = told.send(());
        while puppet.hear().is_some() {}
    });
    let mut children = Vec::new();
    for _ in 0..CHILDREN {
        children.push(ask(&connection).await.unwrap());
    }
    children.iter_mut().for_each(Process::kill_tree);
    go.send(()).expect("it waits");
    tell.await.expect("it hears of every one");
}

#[tokio::test]
async fn a_tree_that_does_not_go_takes_its_world_with_it() {
    let connection = connected(|puppet| {
        puppet.start();
        while puppet.hear().is_some() {}
    });
    let mut child = ask(&connection).await.unwrap();
    let begun = Instant::now();
    child.kill_tree();
    assert_eq!(end_of(&mut child).await.status, KILLED);
    assert!(begun.elapsed() >= TREE_END, "it had its time");
    assert!(!connection.is_open());
}
