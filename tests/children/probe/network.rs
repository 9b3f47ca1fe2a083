//! The network: what sockets there are, whom they reach, and ways around a
//! fence that watches only the usual ones.

use std::os::fd::OwnedFd;
use std::os::unix::ffi::OsStrExt as _;
use std::path::Path;

use nix::errno::Errno;

use super::acts::{after, undone};
use super::attempt::{Attempt, apart};
use super::outcome::Outcome;
use super::sys::{Word, call, open};

const STREAM: i32 = libc::SOCK_STREAM;
const DATAGRAM: i32 = libc::SOCK_DGRAM;
const PACKETS: i32 = libc::SOCK_SEQPACKET;
const RAW: i32 = libc::SOCK_RAW;

/// TCP under other names.
const MULTIPATH_TCP: i32 = 262;
const SHARED_MEMORY_TCP: i32 = 256;

/// Sockets that are made: their family, type and protocol.
const SOCKETS: &[(&str, i64, i32, i32)] = &[
    ("tcp", 2, STREAM, 0),
    ("udp", 2, DATAGRAM, 0),
    ("ping", 2, DATAGRAM, libc::IPPROTO_ICMP),
    ("raw", 2, RAW, libc::IPPROTO_ICMP),
    ("sctp", 2, STREAM, libc::IPPROTO_SCTP),
    ("dccp", 2, 6, libc::IPPROTO_DCCP),
    ("udp-lite", 2, DATAGRAM, libc::IPPROTO_UDPLITE),
    ("multipath-tcp", 2, STREAM, MULTIPATH_TCP),
    ("shared-memory-tcp", 2, STREAM, SHARED_MEMORY_TCP),
    // A family is 32 bits wide, and an argument of a system call has 64.
    ("tcp-with-high-bits", 1 << 32 | 2, STREAM, 0),
    ("tcp-6", 10, STREAM, 0),
    ("udp-6", 10, DATAGRAM, 0),
    ("unix-stream", 1, STREAM, 0),
    ("unix-datagram", 1, DATAGRAM, 0),
    ("unix-packets", 1, PACKETS, 0),
    ("key-management", 15, RAW, 2),
    ("netlink-routes", 16, RAW, 0),
    ("netlink-events", 16, DATAGRAM, 15),
    ("netlink-audit", 16, RAW, 9),
    ("packet", 17, RAW, 0),
    ("rds", 21, PACKETS, 0),
    ("ppp", 24, STREAM, 0),
    ("can", 29, RAW, 1),
    ("tipc", 30, STREAM, 0),
    ("bluetooth", 31, RAW, 1),
    ("crypto", 38, PACKETS, 0),
    ("nfc", 39, RAW, 0),
    ("vsock", 40, STREAM, 0),
    ("kcm", 41, DATAGRAM, 0),
    ("qualcomm-router", 42, DATAGRAM, 0),
    ("smc", 43, STREAM, 0),
    ("xdp", 44, RAW, 0),
    ("management", 45, STREAM, 0),
    ("no-such-family", 99, STREAM, 0),
];

/// What is tried.
pub(crate) fn attempts() -> Vec<Attempt> {
    let mut attempts: Vec<Attempt> = SOCKETS
        .iter()
        .map(|&(name, family, kind, protocol)| {
            let made = move || {
                open!(
                    libc::SYS_socket,
                    family,
                    kind | libc::SOCK_CLOEXEC,
                    protocol
                )
            };
            apart(format!("socket-{name}"), move |_| Some(made().into()))
        })
        .collect();
    attempts.extend([
        apart("pair-stream", |_| Some(pair(1, STREAM).into())),
        apart("pair-datagram", |_| Some(pair(1, DATAGRAM).into())),
        apart("pair-packets", |_| Some(pair(1, PACKETS).into())),
        apart("pair-tipc", |_| Some(pair(30, STREAM).into())),
        apart("interfaces", |_| Some(interfaces())),
        apart("connect-tcp", |given| {
            Some(connect(2, 0, &loopback(given.tcp?)))
        }),
        apart("connect-tcp-6", |given| {
            Some(connect(10, 0, &loopback_6(given.tcp?)))
        }),
        apart("connect-multipath-tcp", |given| {
            Some(connect(2, MULTIPATH_TCP, &loopback(given.tcp?)))
        }),
        apart("connect-shared-memory-tcp", |given| {
            Some(connect(2, SHARED_MEMORY_TCP, &loopback(given.tcp?)))
        }),
        apart("connect-smc", |given| {
            Some(connect(43, 0, &loopback(given.tcp?)))
        }),
        // Nobody listens at port 1, and whoever hears so has been heard.
        apart("connect-tcp-elsewhere", |_| {
            let answer = socket(2, STREAM, 0).and_then(|s| join(&s, &loopback(1)));
            Some(Outcome::past(answer, &[Errno::ECONNREFUSED]))
        }),
        apart("connect-tcp-by-sending", |given| {
            Some(send(STREAM, libc::MSG_FASTOPEN, &loopback(given.tcp?)))
        }),
        apart("send-udp", |given| {
            Some(send(DATAGRAM, 0, &loopback(given.udp?)))
        }),
        apart("route-out", |_| {
            // A datagram socket that is connected has looked for a route, and sent nothing.
            let away = internet([192, 0, 2, 1], 9);
            Some(socket(2, DATAGRAM, 0).and_then(|s| join(&s, &away)).into())
        }),
        apart("bind-tcp", |_| Some(bind(STREAM, 0))),
        apart("bind-udp", |_| Some(bind(DATAGRAM, 0))),
        apart("bind-tcp-low", |_| Some(bind(STREAM, 1))),
        apart("listen-unbound", |_| {
            let listening = socket(2, STREAM, 0).and_then(|s| call!(libc::SYS_listen, &s, 1));
            Some(listening.into())
        }),
        apart("listen-unbound-multipath", |_| {
            let socket = socket(2, STREAM, MULTIPATH_TCP);
            Some(socket.and_then(|s| call!(libc::SYS_listen, &s, 1)).into())
        }),
        apart("connect-unix", |given| {
            Some(connect_unix(
                given.outside("unix.sock")?.as_os_str().as_bytes(),
            ))
        }),
        apart("connect-unix-upwards", |given| {
            std::env::set_current_dir("/").ok()?;
            let path = given.outside("unix.sock")?;
            let path = Path::new("..").join(path.strip_prefix("/").ok()?);
            Some(connect_unix(path.as_os_str().as_bytes()))
        }),
        apart("connect-abstract", |given| {
            let mut name = vec![0];
            name.extend(given.abstract_name.as_ref()?.as_bytes());
            Some(connect_unix(&name))
        }),
        apart("bind-abstract", |_| Some(bind_unix(b"\0made-by-probe"))),
        apart("bind-unix-inside", |given| {
            let path = given.inside("made-by-probe")?;
            let bound = socket(1, STREAM, 0)
                .and_then(|s| address(&s, libc::SYS_bind, &unix(path.as_os_str().as_bytes())?));
            Some(undone(bound, || std::fs::remove_file(&path)))
        }),
        apart("bind-unix-outside", |given| {
            let path = given.outside("made-by-probe")?;
            let bound = socket(1, STREAM, 0)
                .and_then(|s| address(&s, libc::SYS_bind, &unix(path.as_os_str().as_bytes())?));
            Some(undone(bound, || std::fs::remove_file(&path)))
        }),
        apart("routes-by-netlink", |_| Some(routes())),
        apart("filter-of-packets", |_| Some(filter())),
    ]);
    attempts
}

fn socket(family: i32, kind: i32, protocol: i32) -> Result<OwnedFd, Errno> {
    let kind = kind | libc::SOCK_CLOEXEC | libc::SOCK_NONBLOCK;
    open!(libc::SYS_socket, family, kind, protocol)
}

fn pair(family: i32, kind: i32) -> Result<i64, Errno> {
    let mut ends = [0_i32; 2];
    call!(
        libc::SYS_socketpair,
        family,
        kind | libc::SOCK_CLOEXEC,
        0,
        Word::to(&mut ends)
    )
}

/// An address as the kernel takes it.
fn internet(host: [u8; 4], port: u16) -> Vec<u8> {
    let [a, b, c, d] = host;
    let ([high, low], family) = (port.to_be_bytes(), 2_u16.to_ne_bytes());
    let mut bytes = Vec::from(family);
    bytes.extend([high, low, a, b, c, d, 0, 0, 0, 0, 0, 0, 0, 0]);
    bytes
}

fn loopback(port: u16) -> Vec<u8> {
    internet([127, 0, 0, 1], port)
}

/// The older loopback address, as the newer family writes it.
fn loopback_6(port: u16) -> Vec<u8> {
    let mut bytes = Vec::from(10_u16.to_ne_bytes());
    bytes.extend(port.to_be_bytes());
    bytes.extend([0; 14]);
    bytes.extend([0xff, 0xff, 127, 0, 0, 1]);
    bytes.extend([0; 4]);
    bytes
}

fn unix(name: &[u8]) -> Result<Vec<u8>, Errno> {
    if name.len() > 107 {
        return Err(Errno::ENAMETOOLONG);
    }
    let mut bytes = Vec::from(1_u16.to_ne_bytes());
    bytes.extend(name);
    Ok(bytes)
}

fn address(socket: &OwnedFd, number: i64, address: &[u8]) -> Result<i64, Errno> {
    call!(number, socket, Word::at(address), address.len())
}

/// Connects, and waits for the answer for a second.
fn join(socket: &OwnedFd, to: &[u8]) -> Result<i64, Errno> {
    use std::os::fd::AsRawFd as _;
    match address(socket, libc::SYS_connect, to) {
        Err(Errno::EINPROGRESS) => {}
        answer => return answer,
    }
    let mut wanted = libc::pollfd {
        fd: socket.as_raw_fd(),
        events: libc::POLLOUT,
        revents: 0,
    };
    let second = [1_i64, 0];
    call!(
        libc::SYS_ppoll,
        Word::to(&mut wanted),
        1,
        Word::at(&second),
        0,
        8
    )?;
    let (mut error, mut size) = (libc::ETIMEDOUT, 4_u32);
    let (level, kind) = (libc::SOL_SOCKET, libc::SO_ERROR);
    let (to, size) = (Word::to(&mut error), Word::to(&mut size));
    call!(libc::SYS_getsockopt, socket, level, kind, to, size)?;
    if wanted.revents == 0 {
        return Err(Errno::ETIMEDOUT);
    }
    if error != 0 {
        return Err(Errno::from_raw(error));
    }
    Ok(0)
}

fn connect(family: i32, protocol: i32, to: &[u8]) -> Outcome {
    socket(family, STREAM, protocol)
        .and_then(|socket| join(&socket, to))
        .into()
}

fn connect_unix(name: &[u8]) -> Outcome {
    let answer = socket(1, STREAM, 0).and_then(|socket| join(&socket, &unix(name)?));
    match answer {
        // The listener is there, and has not yet taken those who came before.
        Err(Errno::EAGAIN) => Outcome::Allowed,
        answer => answer.into(),
    }
}

fn bind_unix(name: &[u8]) -> Outcome {
    let bound = socket(1, STREAM, 0).and_then(|s| address(&s, libc::SYS_bind, &unix(name)?));
    bound.into()
}

fn bind(kind: i32, port: u16) -> Outcome {
    let bound = socket(2, kind, 0).and_then(|s| address(&s, libc::SYS_bind, &loopback(port)));
    bound.into()
}

/// Sends a byte to an address, with a socket that is not connected.
fn send(kind: i32, flags: i32, to: &[u8]) -> Outcome {
    let sent = socket(2, kind, 0).and_then(|socket| {
        let flags = flags | libc::MSG_NOSIGNAL;
        let answer = call!(
            libc::SYS_sendto,
            &socket,
            Word::at(b"x"),
            1,
            flags,
            Word::at(to),
            to.len()
        );
        // A connection has begun where one is awaited.
        answer.or_else(|errno| {
            if errno == Errno::EINPROGRESS {
                Ok(0)
            } else {
                Err(errno)
            }
        })
    });
    sent.into()
}

/// The names of the interfaces. A socket of any family can be asked for them.
fn interfaces() -> Outcome {
    let mut ends = [0_i32; 2];
    let made = call!(libc::SYS_socketpair, 1, DATAGRAM, 0, Word::to(&mut ends));
    let names = made.and_then(|_| {
        let mut names = Vec::new();
        for index in 1..=64_i32 {
            let mut request = [0_u8; 40];
            request[16..20].copy_from_slice(&index.to_ne_bytes());
            let to = Word::to(&mut request);
            match call!(libc::SYS_ioctl, ends[0], libc::SIOCGIFNAME, to) {
                Ok(_) => {
                    let name = request.iter().take_while(|byte| **byte != 0);
                    names.push(name.map(|byte| char::from(*byte)).collect());
                }
                Err(Errno::ENODEV) => {}
                Err(errno) => return Err(errno),
            }
        }
        Ok(names)
    });
    Outcome::names(names)
}

/// Asks for the table of routes.
fn routes() -> Outcome {
    let mut request = [0_u8; 28];
    request[0] = 28;
    request[4..6].copy_from_slice(&26_u16.to_ne_bytes());
    request[6..8].copy_from_slice(&0x301_u16.to_ne_bytes());
    after(socket(16, RAW, 0), |socket| {
        let asked = call!(libc::SYS_sendto, &socket, Word::at(&request), 28, 0, 0, 0);
        asked.into()
    })
}

/// Gives a socket a program that the kernel runs on every packet.
fn filter() -> Outcome {
    let mut ends = [0_i32; 2];
    let made = call!(libc::SYS_socketpair, 1, DATAGRAM, 0, Word::to(&mut ends));
    let mut program = [libc::sock_filter {
        code: 6,
        jt: 0,
        jf: 0,
        k: u32::MAX,
    }];
    let program = libc::sock_fprog {
        len: 1,
        filter: program.as_mut_ptr(),
    };
    after(made, |_| {
        let (level, kind) = (libc::SOL_SOCKET, libc::SO_ATTACH_FILTER);
        let size = size_of::<libc::sock_fprog>();
        call!(
            libc::SYS_setsockopt,
            ends[0],
            level,
            kind,
            Word::at(&program),
            size
        )
        .into()
    })
}
