//! A host of its own, for tests that must not be one:
//!
//! - `lone-host hold COMPONENT POLICY DIRECTORY COUNT MARKER`: runs that many guests, each of which
//!   has a directory of its own called `/inside`, and lets each leave a daemon behind that holds
//!   the marker. `{}` in the marker stands for the guest's directory on the host. Prints `ready`,
//!   and waits until it is killed.
//! - `lone-host busy …`: the same, and after `ready` each guest has a child that stops all others,
//!   while more children are started, a line each.
//! - `lone-host try COMPONENT POLICY DIRECTORY`: runs one guest, and prints what the probe says of
//!   itself, or why there is no guest; then how many children are left.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use offspring_tests::{Told, children_left, pinned};
use wasmtime_wasi::FsPerms;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["hold", component, policy, directory, count, marker] => {
            let count = count.parse().expect("a number of guests");
            let guests = hold(component, policy, directory, count, marker);
            println!("ready");
            wait();
            drop(guests);
        }
        ["busy", component, policy, directory, count, marker] => {
            let count = count.parse().expect("a number of guests");
            let mut guests = hold(component, policy, directory, count, marker);
            for guest in &mut guests {
                guest.start(&["sh", "-c", "echo; while :; do kill -STOP -1; done"]);
            }
            println!("ready");
            std::thread::scope(|scope| {
                for guest in &mut guests {
                    scope.spawn(|| {
                        loop {
                            guest.start(&["sh", "-c", "echo"]);
                            println!("started");
                        }
                    });
                }
            });
        }
        ["try", component, policy, directory] => try_one(component, policy, directory),
        _ => panic!("usage: see the documentation of this program"),
    }
}

fn guest(component: &str, policy: &str, directory: &Path) -> Result<Told, String> {
    let policy = fs::read_to_string(policy).expect("the policy can be read");
    let directories = [(directory, "/inside", FsPerms::ReadWrite)];
    Told::of(component, &pinned(&policy), &directories).map_err(|error| error.to_string())
}

fn hold(component: &str, policy: &str, directory: &str, count: usize, marker: &str) -> Vec<Told> {
    let one = |number: usize| {
        let own: PathBuf = Path::new(directory).join(number.to_string());
        fs::create_dir(&own).expect("a directory can be made");
        let mut guest = guest(component, policy, &own).expect("there is a guest");
        let marker = marker.replace("{}", &own.to_string_lossy());
        let ran = guest.run(&["probe", "daemon", &marker, "60"]);
        assert_eq!(ran.succeeds(), "left\n");
        guest
    };
    (0..count).map(one).collect()
}

fn try_one(component: &str, policy: &str, directory: &str) {
    match guest(component, policy, Path::new(directory)) {
        Err(error) => println!("refused: {error}"),
        Ok(mut guest) => {
            let only = ["--only", "identity.process,identity.filter"];
            let ran = guest.run(&[&["probe"], only.as_slice()].concat());
            print!("{}", ran.succeeds());
            guest.dismiss();
        }
    }
    println!("left: {}", children_left().len());
}

/// Waits for the end of the input, which is the test's.
fn wait() {
    let _ = std::io::stdin().read_to_end(&mut Vec::new());
}
